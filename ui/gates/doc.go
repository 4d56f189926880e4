// Package gates is one table of everything that the house refuses: each case says in a
// sentence what stands, who posts what straight to which route, and which rule the answer
// must name (REG-… or a step of the SOP). It has tests only; package ui/uitest/day walks a
// client to the moment that a case begins at.
package gates
