// Package e2e runs real programs, made by other people's tools, from the command line.
package e2e
