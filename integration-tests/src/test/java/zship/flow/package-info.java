/** Whole flows through the command as a user types it, against real programs. */
package zship.flow;
