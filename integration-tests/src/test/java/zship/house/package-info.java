/** The rules of the house, checked: who may use whom, and how large things may grow. */
package zship.house;
