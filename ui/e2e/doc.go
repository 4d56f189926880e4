// Package e2e walks the clinic's main line in a real browser: one client from an unknown
// phone number to the last follow-up, each step on the screen of the role that does it, in
// Chinese, with the tests' own clock. It has tests only (build tag e2e, run by make e2e).
package e2e
