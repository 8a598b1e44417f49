/** Reads ELF files and computes which shared libraries they need, without running anything. */
@NullMarked
package zship.builder.elf;

import org.jspecify.annotations.NullMarked;
