package inspect

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/edit"
	"github.com/mortise-wasm/mortise/internal/cli"
)

// producerFields are the fields of a producers section that have a flag.
var producerFields = []struct{ flag, usage string }{
	{"language", "add a language; VERSION may be empty (repeatable): `NAME=VERSION`"},
	{"processed-by", "add a tool that was used to make it (repeatable): `NAME=VERSION`"},
	{"sdk", "add an SDK (repeatable): `NAME=VERSION`"},
}

type addOptions struct {
	std    *cli.IO
	input  string
	output cli.Output
	// changes maps the names of sections to their new text, or to nil to remove them. nameField
	// stands for the name of the component or module.
	changes   map[string]*string
	producers []Producer
}

// nameField is the key for the name of the component or module, which is in the name section.
const nameField = "name"

func newMetadataAdd(std *cli.IO, runF func(context.Context, *addOptions) error) *cobra.Command {
	o := &addOptions{std: std}
	cmd := &cobra.Command{
		Use:   "add FILE",
		Short: "Add metadata to a binary",
		Long: `Sets the name of a component or core module, adds producers, and sets or removes fields
for registries, each of which is a custom section with plain text. Nested parts and all
bytes outside these custom sections are unchanged.

A new producer replaces one with the same name in the same field.`,
		Args: cli.Args,
		Example: `
# Add a tool and the authors
$ inspect metadata add module.wasm --processed-by demo-opt=1.2 --authors 'Ada, Grace' -o signed.wasm

# Set the fields for a registry
$ inspect metadata add greeter.wasm --name greeter --licenses 'Apache-2.0 OR MIT' --version 0.1.0 -o release.wasm

# Look at the result
$ inspect metadata show release.wasm

# Remove the name again
$ inspect metadata add --clear-name release.wasm -o nameless.wasm
`,
	}
	values, clears, lists := addFlags(cmd)
	o.output.Register(cmd, true)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		o.input = args[0]
		if err := o.take(cmd, values, clears, lists); err != nil {
			return err
		}
		if runF != nil {
			return runF(cmd.Context(), o)
		}
		return runAdd(o)
	}
	cli.DocumentExit(cmd, "1", "the file cannot be read; the error is on standard error")
	return cmd
}

// addFlags declares the flags for the name, the producers and all fields. It returns the variables
// that they set: values, whether to clear them, and lists of producers.
func addFlags(cmd *cobra.Command) (values map[string]*string, clears map[string]*bool, lists map[string]*[]string) {
	values, clears, lists = map[string]*string{}, map[string]*bool{}, map[string]*[]string{}
	flags := cmd.Flags()
	values[nameField] = flags.String(nameField, "", "set the `NAME` of the component or module")
	clears[nameField] = flags.Bool("clear-name", false, "remove the name, but keep the names of definitions")
	for _, f := range producerFields {
		lists[f.flag] = flags.StringArray(f.flag, nil, f.usage)
	}
	for _, f := range fields {
		values[f.name] = flags.String(f.name, "", f.usage)
		clears[f.name] = flags.Bool("clear-"+f.name, false, f.clear)
		cli.GroupFlags(cmd, "Fields for registries", f.name, "clear-"+f.name)
	}
	return values, clears, lists
}

// take sets the options from the flags. It returns a usage error for wrong values.
func (o *addOptions) take(cmd *cobra.Command, values map[string]*string, clears map[string]*bool, lists map[string]*[]string) error {
	o.changes, o.producers = map[string]*string{}, nil
	for name, value := range values {
		given := cmd.Flags().Changed(name)
		switch {
		case given && *clears[name]:
			return cli.Usagef("--%s and --clear-%s cannot be used together", name, name)
		case given && *value == "":
			return cli.Usagef("--%s is empty; use --clear-%s to remove it", name, name)
		case given:
			o.changes[name] = value
		case *clears[name]:
			o.changes[name] = nil
		}
	}
	for _, f := range fields {
		if text := o.changes[f.name]; text != nil && f.check != nil {
			if err := f.check(*text); err != nil {
				return cli.Usagef("--%s: %w", f.name, err)
			}
		}
	}
	for _, f := range producerFields {
		for _, text := range *lists[f.flag] {
			name, version, ok := strings.Cut(text, "=")
			if !ok || name == "" {
				return cli.Usagef("--%s: `%s` is not NAME=VERSION", f.flag, text)
			}
			o.producers = append(o.producers, Producer{f.flag, name, version})
		}
	}
	if len(o.changes) == 0 && len(o.producers) == 0 {
		return cli.Usagef("nothing to add: use at least one of the flags, such as --name")
	}
	return nil
}

func runAdd(o *addOptions) error {
	if err := o.std.CheckBinary(o.output); err != nil {
		return err
	}
	f, err := o.std.ReadBinary(o.input)
	if err != nil {
		return err
	}
	data, err := o.edit(f)
	if err != nil {
		return err
	}
	return o.std.WriteBinary(o.output, data)
}

// edit returns the file with its metadata changed. Existing sections keep their places. Of several
// sections with the same name, the first one is changed; if it is a field, the others are removed.
func (o *addOptions) edit(f *diag.File) ([]byte, error) {
	tree, err := newTree(f)
	if err != nil {
		return nil, err
	}
	names := "name"
	if tree.kind == "component" {
		names = encoding.NameSection
	}
	done := map[string]bool{}
	var broken error
	change := func(c *encoding.Custom) *encoding.Custom {
		switch text, changes := o.changes[c.Name]; {
		case c.Name == names:
			if text, changes := o.changes[nameField]; changes && !done[names] {
				return renamed(c, text)
			}
		case c.Name == nameField:
			// A component's own name is not in a section of this name.
		case c.Name == core.ProducersName && len(o.producers) > 0 && !done[c.Name]:
			payload, err := o.merged(c.Data)
			if err != nil {
				broken = placed(f, c, err)
				return c
			}
			return &encoding.Custom{Name: c.Name, Data: payload}
		case changes && (text == nil || done[c.Name]):
			return nil
		case changes:
			return &encoding.Custom{Name: c.Name, Data: []byte(*text)}
		}
		return c
	}
	custom := func(depth int, c *encoding.Custom) *encoding.Custom {
		if depth > 0 {
			return c
		}
		out := change(c)
		done[c.Name] = true
		return out
	}
	present := map[string]bool{}
	for _, s := range tree.sections {
		present[s.Name] = present[s.Name] || s.IsCustom()
	}
	data, err := edit.Customs(f, custom, o.added(names, present)...)
	return data, errors.Join(broken, err)
}

// added returns the sections to add because they are missing.
func (o *addOptions) added(names string, present map[string]bool) []*encoding.Custom {
	var list []*encoding.Custom
	add := func(name string, data []byte) {
		if !present[name] {
			list = append(list, &encoding.Custom{Name: name, Data: data})
		}
	}
	if text := o.changes[nameField]; text != nil {
		add(names, edit.SetName(nil, *text))
	}
	if len(o.producers) > 0 {
		// Merging with an empty section cannot fail.
		payload, _ := o.merged((&core.Producers{}).Append(nil))
		add(core.ProducersName, payload)
	}
	for _, f := range fields {
		if text := o.changes[f.name]; text != nil {
			add(f.name, []byte(*text))
		}
	}
	return list
}

// renamed returns a name section with another name for the component or module, or nil if the
// section would be empty.
func renamed(c *encoding.Custom, name *string) *encoding.Custom {
	text := ""
	if name != nil {
		text = *name
	}
	payload := edit.SetName(c.Data, text)
	if len(payload) == 0 {
		return nil
	}
	return &encoding.Custom{Name: c.Name, Data: payload}
}

// merged returns the payload of a producers section with the new producers added.
func (o *addOptions) merged(payload []byte) ([]byte, error) {
	p, err := core.DecodeProducers(payload)
	if err != nil {
		return nil, err
	}
	for _, x := range o.producers {
		p = p.Add(x.Field, core.ProducersValue{Name: x.Name, Version: x.Version})
	}
	return p.Append(nil), nil
}

// placed turns an error in the payload of a custom section into a diagnostic with its position.
func placed(f *diag.File, c *encoding.Custom, err error) error {
	var e *core.Error
	if !errors.As(err, &e) {
		return err
	}
	d := diag.At(f, c.End-len(c.Data)+e.Offset, core.CodeMalformed, "%s", e.Message)
	return d.In("custom section `%s`", c.Name)
}

func checkURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || u.Host == "" && u.Opaque == "" && u.Path == "" {
		return fmt.Errorf("`%s` is not an absolute URL", text)
	}
	return nil
}

// spdxWord matches an identifier of a license or exception (SPDX specification, "SPDX license
// expressions"). The license need not be in the SPDX license list.
var spdxWord = regexp.MustCompile(`^(DocumentRef-[A-Za-z0-9.-]+:)?[A-Za-z0-9.-]+\+?$`)

// checkLicenses checks the form of an SPDX license expression.
func checkLicenses(text string) error {
	bad := func(what string) error { return fmt.Errorf("`%s` is not an SPDX license expression: %s", text, what) }
	words := strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(text))
	depth := 0
	operand := true // an operand is expected
	last := ""
	for _, w := range words {
		operator := w == "AND" || w == "OR" || w == "WITH"
		switch {
		case operand && w == "(" && last != "WITH":
			depth++
		case !operand && w == ")" && depth > 0:
			depth--
		case !operand && operator && !(w == "WITH" && last == ")"):
			operand = true
		case operand && !operator && spdxWord.MatchString(w):
			operand = false
		default:
			return bad(fmt.Sprintf("unexpected `%s`", w))
		}
		last = w
	}
	switch {
	case operand:
		return bad("it ends early")
	case depth > 0:
		return bad("a parenthesis is not closed")
	}
	return nil
}
