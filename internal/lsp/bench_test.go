package lsp_test

import "testing"

// BenchmarkEdit measures a keystroke in wasi:http: the package is read again and the diagnostics
// are sent.
func BenchmarkEdit(b *testing.B) {
	c := connect(b, corpus(b, "wasi/http-0.2"))
	c.initialize(map[string]any{})
	c.openAll()
	b.ResetTimer()
	for b.Loop() {
		c.edit("world.wit", c.texts["world.wit"])
		c.settle()
	}
}
