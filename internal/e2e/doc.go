// Package e2e runs real programs, made by other tools, from the command line.
package e2e
