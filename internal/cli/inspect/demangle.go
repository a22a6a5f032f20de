package inspect

import (
	"bytes"
	"context"
	"os"
	"regexp"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/demangle"
)

type demangleOptions struct {
	std    *cli.IO
	args   []string
	output cli.Output
}

func newDemangle(std *cli.IO, runF func(context.Context, *demangleOptions) error) *cobra.Command {
	o := &demangleOptions{std: std}
	cmd := &cobra.Command{
		Use:   "demangle FILE|NAME...",
		Short: "Turn mangled names of Rust and C++ into readable ones",
		Long: `Writes a component or core module with the names of functions in its name sections as
the programmer wrote them, instead of as a Rust or C++ compiler did. Everything else keeps
its bytes.

Given names, or text on standard input, prints them with what is mangled turned into
what is readable.`,
		Args: cli.Args,
		Example: `
# What function is this?
$ inspect demangle _ZN5hello4main17h0123456789abcdefE

# A module with readable names
$ inspect demangle module.wasm -o readable.wasm

# A backtrace
$ inspect demangle _RNvCs1234_5hello4main | inspect demangle -
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.args = args
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runDemangle(o)
		},
	}
	o.output.Register(cmd, true)
	return cmd
}

func runDemangle(o *demangleOptions) error {
	if len(o.args) == 1 {
		if _, err := os.Stat(o.args[0]); err == nil || o.args[0] == "-" {
			return o.file(o.args[0])
		}
	}
	var b bytes.Buffer
	for _, name := range o.args {
		name, _ = demangle.Name(name)
		b.WriteString(name + "\n")
	}
	return o.std.Write(o.output, b.Bytes())
}

// file demangles the names in a binary, or in text that is none.
func (o *demangleOptions) file(name string) error {
	f, err := o.std.ReadFile(name)
	if err != nil {
		return err
	}
	if !f.Binary && cli.LooksLikeWat(f.Data) {
		if f, err = wat.Assemble(f); err != nil {
			return err
		}
	}
	if !f.Binary {
		if name != "-" {
			return cli.CheckBinary(f)
		}
		return o.std.Write(o.output, demangleText(f.Data))
	}
	if err := o.std.CheckBinary(o.output); err != nil {
		return err
	}
	data, err := demangleNames(f)
	if err != nil {
		return err
	}
	return o.std.WriteBinary(o.output, data)
}

// mangled finds what may be a mangled name in text.
var mangled = regexp.MustCompile(`[A-Za-z0-9_.$]+`)

// demangleText replaces the mangled names in text. Words that are not mangled stay.
func demangleText(text []byte) []byte {
	left := growth(len(text))
	return mangled.ReplaceAllFunc(text, func(word []byte) []byte {
		return []byte(demangleWithin(&left, string(word)))
	})
}

// demangleNames returns a binary with the names of functions in all its name sections demangled.
func demangleNames(f *diag.File) ([]byte, error) {
	left := growth(len(f.Data))
	return encoding.EditCustoms(f, func(_ int, c *encoding.Custom) *encoding.Custom {
		if c.Name != "name" {
			return c
		}
		payload := core.MapFuncNames(c.Data, func(name string) string { return demangleWithin(&left, name) })
		if bytes.Equal(payload, c.Data) {
			return c
		}
		return &encoding.Custom{Name: c.Name, Data: payload}
	})
}

// growth returns by how many bytes all names of an input together may grow: a mangled name can
// refer to its own parts again and again.
func growth(size int) int { return 1<<20 + 4*size }

// demangleWithin demangles a name unless it takes more bytes than are left.
func demangleWithin(left *int, name string) string {
	readable, ok := demangle.Name(name)
	if more := len(readable) - len(name); ok && more <= *left {
		*left -= max(more, 0)
		return readable
	}
	return name
}
