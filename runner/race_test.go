//go:build race

package runner_test

// raceDetector reports whether the race detector is on. Code is many times slower with it.
const raceDetector = true
