/** The local node's containers, made for real. */
package zship.localnode;
