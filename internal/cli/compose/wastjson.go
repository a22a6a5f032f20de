package compose

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/internal/cli"
)

type wastJSONOptions struct {
	std    *cli.IO
	file   string
	output cli.Output
	dir    string
	pretty bool
}

func newWastJSON(std *cli.IO, runF func(context.Context, *wastJSONOptions) error) *cobra.Command {
	o := &wastJSONOptions{std: std}
	cmd := &cobra.Command{
		Use:     "json-from-wast FILE",
		Aliases: []string{"wast2json"},
		Short:   "Convert a test script (.wast) to JSON and binaries",
		Long: `Reads a test script and writes its commands as JSON, for programs that run such scripts
but do not read the text format. Each module and component in the script becomes a file
in the folder given with --wasm-dir: NAME.0.wasm, NAME.1.wasm and so on, in the order of
the script. Quoted text becomes a file such as NAME.2.wat. The JSON has the format of
wasm-tools.`,
		Args: cli.Args,
		Example: `
# Convert a script, and write its components to the folder parts
$ compose json-from-wast calc.wast --wasm-dir parts -o calc.json
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.file = args[0]
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runWastJSON(cmd.Context(), o)
		},
	}
	o.output.Register(cmd, false)
	cmd.Flags().StringVar(&o.dir, "wasm-dir", ".", "write modules and components to `DIR`")
	cmd.Flags().BoolVar(&o.pretty, "pretty", false, "indent the JSON")
	return cmd
}

func runWastJSON(_ context.Context, o *wastJSONOptions) error {
	f, err := o.std.ReadFile(o.file)
	if err != nil {
		return err
	}
	script, err := wat.ParseScript(f)
	if err != nil {
		return err
	}
	c := &wastConverter{stem: "stdin"}
	if o.file != "-" {
		c.stem = strings.TrimSuffix(filepath.Base(o.file), filepath.Ext(o.file))
	}
	commands, err := c.commands(script.Directives)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if o.pretty {
		enc.SetIndent("", "  ")
	}
	if err := enc.Encode(wastScript{o.file, commands}); err != nil {
		return err
	}
	if len(c.files) > 0 {
		if err := os.MkdirAll(o.dir, 0o777); err != nil {
			return err
		}
	}
	for _, file := range c.files {
		if err := cli.WriteFile(filepath.Join(o.dir, file.name), file.data); err != nil {
			return err
		}
	}
	return o.std.Write(o.output, b.Bytes())
}

// A wastScript is the JSON form of a script.
type wastScript struct {
	Source   string        `json:"source_filename"`
	Commands []wastCommand `json:"commands"`
}

// A wastCommand is the JSON form of a directive. Its type decides which fields it has. A field is a
// pointer if the type has it even when it is empty.
type wastCommand struct {
	Type string `json:"type"`
	Line int    `json:"line"`
	Name string `json:"name,omitempty"`
	wastFile
	As           *string        `json:"as,omitempty"`
	Instance     string         `json:"instance,omitempty"`
	Module       string         `json:"module,omitempty"`
	Action       any            `json:"action,omitempty"`
	Expected     *[]any         `json:"expected,omitempty"`
	Text         *string        `json:"text,omitempty"`
	SharedModule string         `json:"shared_module,omitempty"`
	Commands     *[]wastCommand `json:"commands,omitempty"`
	Thread       string         `json:"thread,omitempty"`
}

// A wastFile names the file of a module or component: text if the script quotes it, or else a
// binary. Well-formed text also has a binary.
type wastFile struct {
	Filename       string `json:"filename,omitempty"`
	ModuleType     string `json:"module_type,omitempty"`
	BinaryFilename string `json:"binary_filename,omitempty"`
}

// A wastConverter converts directives and collects the files that they refer to.
type wastConverter struct {
	stem  string
	count int
	files []wastOutput
}

type wastOutput struct {
	name string
	data []byte
}

func (c *wastConverter) commands(list []wat.Directive) ([]wastCommand, error) {
	out := []wastCommand{}
	for _, d := range list {
		command, err := c.command(d)
		if err != nil {
			return nil, err
		}
		out = append(out, command)
	}
	return out, nil
}

// lineOf returns the line on which a span starts.
func lineOf(s diag.Span) int { return s.File.Position(s.Start).Line }

func (c *wastConverter) command(d wat.Directive) (cmd wastCommand, err error) {
	cmd.Line = lineOf(d.Pos())
	// source sets the type and files of a command about a module or component. An assertion also
	// has a message and the line of the source; a definition has the name.
	source := func(typ string, s *wat.Source, message *string) error {
		cmd.Type, cmd.Text = typ, message
		if message != nil {
			cmd.Line = lineOf(s.Span)
		} else {
			cmd.Name = s.Name
		}
		cmd.wastFile, err = c.file(s, typ == "assert_malformed" || typ == "assert_malformed_custom")
		return err
	}
	custom := map[bool]string{true: "_custom"}
	switch d := d.(type) {
	case *wat.Module:
		err = source("module", d.Source, nil)
	case *wat.Definition:
		err = source("module_definition", d.Source, nil)
	case *wat.Instance:
		cmd.Type, cmd.Instance, cmd.Module = "module_instance", d.Name, d.Of
	case *wat.Register:
		cmd.Type, cmd.Name, cmd.As = "register", d.Of, &d.Name
	case *wat.Invoke:
		cmd.Type = "action"
		cmd.Action, err = wastAction(d)
	case *wat.AssertReturn:
		cmd.Type, cmd.Line = "assert_return", actionLine(d.Action, cmd.Line)
		var expected []any
		if expected, err = wastValues(d.Results); err == nil {
			cmd.Expected = &expected
			cmd.Action, err = wastAction(d.Action)
		}
	case *wat.AssertTrap:
		if s, ok := d.Action.(*wat.Source); ok {
			err = source("assert_uninstantiable", s, &d.Message)
			break
		}
		cmd.Type, cmd.Line, cmd.Text = "assert_trap", actionLine(d.Action, cmd.Line), &d.Message
		cmd.Action, err = wastAction(d.Action)
	case *wat.AssertExhaustion:
		cmd.Type, cmd.Text = "assert_exhaustion", &d.Message
		cmd.Action, err = wastAction(d.Call)
	case *wat.AssertException:
		cmd.Type = "assert_exception"
		cmd.Action, err = wastAction(d.Action)
	case *wat.AssertSuspension:
		cmd.Type, cmd.Text = "assert_suspension", &d.Message
		cmd.Action, err = wastAction(d.Action)
	case *wat.AssertInvalid:
		err = source("assert_invalid"+custom[d.Custom], d.Source, &d.Message)
	case *wat.AssertMalformed:
		err = source("assert_malformed"+custom[d.Custom], d.Source, &d.Message)
	case *wat.AssertUnlinkable:
		err = source("assert_unlinkable", d.Source, &d.Message)
	case *wat.Thread:
		cmd.Type, cmd.Name, cmd.SharedModule = "thread", d.Name, d.Shared
		var inner []wastCommand
		inner, err = c.commands(d.Directives)
		cmd.Commands = &inner
	case *wat.Wait:
		cmd.Type, cmd.Thread = "wait", d.Thread
	default:
		panic(fmt.Sprintf("unreachable: %T", d))
	}
	return cmd, err
}

// file adds the files of a source and returns their names.
func (c *wastConverter) file(s *wat.Source, malformed bool) (wastFile, error) {
	base := c.stem + "." + strconv.Itoa(c.count)
	c.count++
	text, quoted := s.Quoted()
	u, err := s.Unit()
	switch {
	case !quoted && err != nil:
		return wastFile{}, err
	case !quoted:
		c.files = append(c.files, wastOutput{base + ".wasm", u.Append(nil)})
		return wastFile{Filename: base + ".wasm", ModuleType: "binary"}, nil
	}
	c.files = append(c.files, wastOutput{base + ".wat", text})
	out := wastFile{Filename: base + ".wat", ModuleType: "text"}
	if err == nil && !malformed {
		out.BinaryFilename = base + ".wasm"
		c.files = append(c.files, wastOutput{out.BinaryFilename, u.Append(nil)})
	}
	return out, nil
}

// actionLine returns the line of an action, or the given line for a module.
func actionLine(a wat.Action, line int) int {
	switch a := a.(type) {
	case *wat.Invoke:
		return lineOf(a.Pos())
	case *wat.Get:
		return lineOf(a.Pos())
	}
	return line
}

// wastCall and wastGet are the JSON forms of actions.
type (
	wastCall struct {
		Type   string `json:"type"`
		Module string `json:"module,omitempty"`
		Field  string `json:"field"`
		Args   []any  `json:"args"`
	}
	wastGet struct {
		Type   string `json:"type"`
		Module string `json:"module,omitempty"`
		Field  string `json:"field"`
	}
)

func wastAction(a wat.Action) (any, error) {
	switch a := a.(type) {
	case *wat.Invoke:
		args, err := wastValues(a.Args)
		return wastCall{"invoke", a.Of, a.Name, args}, err
	case *wat.Get:
		return wastGet{"get", a.Of, a.Name}, nil
	case *wat.Source:
		return nil, diag.Errorf(a.Span, CodeWastJSON, "the JSON format cannot express the instantiation of a module as this action")
	default:
		panic(fmt.Sprintf("unreachable: %T", a))
	}
}

func wastValues(vs []wat.Value) ([]any, error) {
	out := []any{}
	for _, v := range vs {
		j, err := wastValue(v)
		if err != nil {
			return nil, err
		}
		out = append(out, j)
	}
	return out, nil
}

// wastPlain, wastTyped, wastVector and wastEither are the JSON forms of values. Numbers are text; a
// float is its bits as a decimal number.
type (
	wastPlain struct {
		Type string `json:"type"`
	}
	wastTyped struct {
		Type  string `json:"type"`
		Value any    `json:"value"`
	}
	wastVector struct {
		Type     string   `json:"type"`
		LaneType string   `json:"lane_type"`
		Value    []string `json:"value"`
	}
	wastEither struct {
		Type   string `json:"type"`
		Values []any  `json:"values"`
	}
	wastIndex struct {
		Index uint64 `json:"index"`
	}
	wastCase struct {
		Case    string `json:"case"`
		Payload any    `json:"payload,omitempty"`
	}
)

// wastNumber returns the text of a number of a core or component type.
func wastNumber(v wat.Value, bits int) string {
	switch {
	case v.NaN == wat.CanonicalNaN:
		return "nan:canonical"
	case v.NaN == wat.ArithmeticNaN:
		return "nan:arithmetic"
	}
	switch v.Kind {
	case wat.KindI32, wat.KindI64, wat.KindS8, wat.KindS16, wat.KindS32, wat.KindS64:
		shift := 64 - bits
		return strconv.FormatInt(int64(v.Bits<<shift)>>shift, 10)
	default:
		return strconv.FormatUint(v.Bits, 10)
	}
}

// wastNumbers maps the kinds of numbers to their types and widths.
var wastNumbers = map[wat.ValueKind]struct {
	name string
	bits int
}{
	wat.KindI32: {"i32", 32}, wat.KindI64: {"i64", 64}, wat.KindF32: {"f32", 32}, wat.KindF64: {"f64", 64},
	wat.KindU8: {"u8", 8}, wat.KindS8: {"s8", 8}, wat.KindU16: {"u16", 16}, wat.KindS16: {"s16", 16},
	wat.KindU32: {"u32", 32}, wat.KindS32: {"s32", 32}, wat.KindU64: {"u64", 64}, wat.KindS64: {"s64", 64},
}

// wastRefs maps references without a value to their names.
var wastRefs = map[wat.ValueKind]string{
	wat.KindRefAny: "anyref", wat.KindRefEq: "eqref", wat.KindRefArray: "arrayref", wat.KindRefStruct: "structref",
	wat.KindRefI31: "i31ref", wat.KindRefI31Shared: "i31refshared",
}

// wastNulls maps heap types to their null references. Those of the top types have a value.
var wastNulls = map[string]any{
	"func": wastTyped{"funcref", "null"}, "extern": wastTyped{"externref", "null"}, "any": wastTyped{"anyref", "null"},
	"exn": wastTyped{"exnref", "null"}, "cont": wastTyped{"contref", "null"},
	"none": wastPlain{"nullref"}, "nofunc": wastPlain{"nullfuncref"}, "noextern": wastPlain{"nullexternref"},
	"noexn": wastPlain{"nullexnref"}, "nocont": wastPlain{"nullcontref"},
	"eq": wastPlain{"eqref"}, "struct": wastPlain{"structref"}, "array": wastPlain{"arrayref"}, "i31": wastPlain{"i31ref"},
}

func wastValue(v wat.Value) (any, error) {
	if n, ok := wastNumbers[v.Kind]; ok {
		return wastTyped{n.name, wastNumber(v, n.bits)}, nil
	}
	if name, ok := wastRefs[v.Kind]; ok {
		return wastPlain{name}, nil
	}
	switch v.Kind {
	case wat.KindV128:
		out := wastVector{Type: "v128"}
		for _, lane := range v.Vector {
			out.LaneType = wastNumbers[lane.Kind].name[:1] + strconv.Itoa(v.LaneBits)
			out.Value = append(out.Value, wastNumber(lane, v.LaneBits))
		}
		return out, nil
	case wat.KindRefNull:
		return wastNull(v)
	case wat.KindRefExtern:
		return wastRef("externref", v, strconv.FormatUint(v.Bits, 10)), nil
	case wat.KindRefHost:
		return wastRef("anyref", v, strconv.FormatUint(v.Bits, 10)), nil
	case wat.KindRefFunc:
		return wastRef("funcref", v, wastIndex{v.Bits}), nil
	case wat.KindEither:
		values, err := wastValues(v.Elems)
		return wastEither{"either", values}, err
	default:
		return wastComponentValue(v)
	}
}

// wastRef converts a reference, with its value unless any value matches.
func wastRef(typ string, v wat.Value, value any) any {
	if v.Any {
		return wastPlain{typ}
	}
	return wastTyped{typ, value}
}

func wastNull(v wat.Value) (any, error) {
	if v.Any {
		return wastPlain{"refnull"}, nil
	}
	if v.Heap != nil && !v.Heap.Shared {
		if null, ok := wastNulls[heapName(*v.Heap)]; ok {
			return null, nil
		}
	}
	return nil, diag.Errorf(v.Span, CodeWastJSON, "the JSON format cannot express a null reference of this type")
}

// heapName returns the keyword of an abstract heap type, or "" for a concrete one.
func heapName(h core.HeapType) string {
	if h.Abs == 0 {
		return ""
	}
	return h.Abs.String()
}

// wastComponentValue converts a value of a type that only components have.
func wastComponentValue(v wat.Value) (any, error) {
	elems, err := wastValues(v.Elems)
	if err != nil {
		return nil, err
	}
	var payload any
	if len(elems) > 0 {
		payload = elems[0]
	}
	switch v.Kind {
	case wat.KindBool:
		return wastTyped{"bool", v.Bits != 0}, nil
	case wat.KindChar:
		return wastTyped{"char", string(rune(v.Bits))}, nil
	case wat.KindString:
		return wastTyped{"string", v.Text}, nil
	case wat.KindList:
		return wastTyped{"list", elems}, nil
	case wat.KindTuple:
		return wastTyped{"tuple", elems}, nil
	case wat.KindRecord:
		fields := [][2]any{}
		for i, name := range v.Names {
			fields = append(fields, [2]any{name, elems[i]})
		}
		return wastTyped{"record", fields}, nil
	case wat.KindVariant:
		return wastTyped{"variant", wastCase{v.Text, payload}}, nil
	case wat.KindEnum:
		return wastTyped{"enum", v.Text}, nil
	case wat.KindNone, wat.KindSome:
		return wastTyped{"option", payload}, nil
	case wat.KindOK:
		return wastTyped{"result", map[string]any{"Ok": payload}}, nil
	case wat.KindErr:
		return wastTyped{"result", map[string]any{"Err": payload}}, nil
	case wat.KindFlags:
		return wastTyped{"flags", append([]string{}, v.Names...)}, nil
	default:
		panic(fmt.Sprintf("unreachable: %v", v.Kind))
	}
}
