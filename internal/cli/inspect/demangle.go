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
	"github.com/mortise-wasm/mortise/encoding/edit"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/model/demangle"
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
		Long: `Demangles the names of functions in the name sections of a component or core module:
replaces the names made by Rust and C++ compilers with those that the programmer wrote.
The bytes of everything else are unchanged.

If the arguments are names, prints them demangled. If standard input is text, prints it
with all mangled names replaced.`,
		Args: cli.Args,
		Example: `
# Demangle the name of a function
$ inspect demangle _ZN5hello4main17h0123456789abcdefE

# Demangle the names in a module
$ inspect demangle module.wasm -o readable.wasm

# Demangle text, such as a backtrace
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

// file demangles the names in a binary, or in any text on standard input.
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

// mangled matches words in text that may be mangled names.
var mangled = regexp.MustCompile(`[A-Za-z0-9_.$]+`)

// demangleText replaces the mangled names in text and keeps all other words.
func demangleText(text []byte) []byte {
	left := growth(len(text))
	return mangled.ReplaceAllFunc(text, func(word []byte) []byte {
		return []byte(demangleWithin(&left, string(word)))
	})
}

// demangleNames returns a binary with the names of functions in all its name sections demangled.
func demangleNames(f *diag.File) ([]byte, error) {
	left := growth(len(f.Data))
	return edit.Customs(f, func(_ int, c *encoding.Custom) *encoding.Custom {
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

// growth limits the number of bytes by which all names of an input together may grow. Without a
// limit, a short mangled name can refer to its own parts many times.
func growth(size int) int { return 1<<20 + 4*size }

// demangleWithin demangles a name unless it would grow by more than left bytes.
func demangleWithin(left *int, name string) string {
	readable, ok := demangle.Name(name)
	if more := len(readable) - len(name); ok && more <= *left {
		*left -= max(more, 0)
		return readable
	}
	return name
}
