package value_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
)

// uiFuncs returns the functions of ui.wit in the corpus, each with at most one parameter, and one
// additional function.
func uiFuncs() map[string][]types.Param {
	option := func(t types.ValType) types.ValType { return &types.Option{Elem: t} }
	list := func(t types.ValType) types.ValType { return &types.List{Elem: t} }
	u8, result := types.U8, &types.Result{}
	basic := &types.Record{Fields: []types.Field{{Name: "required", Type: u8}, {Name: "optional", Type: option(u8)}}}
	optional := &types.Record{Fields: []types.Field{{Name: "a", Type: option(u8)}, {Name: "b", Type: option(u8)}}}
	keywords := &types.Record{Fields: []types.Field{
		{Name: "true", Type: types.Bool}, {Name: "false", Type: types.Bool}, {Name: "some", Type: option(u8)},
		{Name: "none", Type: option(u8)}, {Name: "ok", Type: result}, {Name: "err", Type: result},
		{Name: "inf", Type: types.F32}, {Name: "nan", Type: types.F32},
	}}
	named := func(name string, t types.ValType) types.ValType {
		return &types.Named{Name: name, Of: t, Home: "ui:tests/ui@0.1.0"}
	}
	one := func(name string, t types.ValType) []types.Param { return []types.Param{{Name: name, Type: t}} }
	return map[string][]types.Param{
		"nullary":                nil,
		"f32":                    one("val", types.F32),
		"list-f32":               one("vals", list(types.F32)),
		"f64":                    one("val", types.F64),
		"list-f64":               one("vals", list(types.F64)),
		"char":                   one("val", types.Char),
		"list-chars":             one("vals", list(types.Char)),
		"string":                 one("val", types.String),
		"list-strings":           one("vals", list(types.String)),
		"option-u8":              one("opt", option(u8)),
		"result-ok-u8":           one("res", &types.Result{OK: u8}),
		"result-err-u8":          one("res", &types.Result{Err: u8}),
		"result-both-u8":         one("res", &types.Result{OK: u8, Err: u8}),
		"result-no-payloads":     one("res", result),
		"basic-record":           one("rec", named("basic", basic)),
		"optional-fields-record": one("rec", named("optional-fields", optional)),
		"keyword-fields-record":  one("rec", named("keyword-fields", keywords)),
		"hand-enum":              one("enm", named("hand", &types.Enum{Names: []string{"left", "right"}})),
		"keyword-cases-enum": one("enm", named("keyword-cases",
			&types.Enum{Names: []string{"true", "false", "some", "none", "ok", "err", "inf", "nan"}})),
		"permission-flags": one("flgs", named("permissions", &types.Flags{Names: []string{"read", "write"}})),
		"own-handle":       one("h", &types.Own{Of: &types.Resource{Name: "thing"}}),
	}
}

// runUI reads a call in the way of the ui tests of wasm-wave, and prints it with the names of its
// parameters.
func runUI(text string) (string, error) {
	call, err := value.ParseCall(text)
	if err != nil {
		return "", err
	}
	params, ok := uiFuncs()[call.Func]
	iface := call.InterfaceName()
	if !ok || iface != "" && iface != "ui:tests/ui" && iface != "ui:tests/ui@0.1.0" || call.Interface != "" && call.Interface != "ui" {
		return "", fmt.Errorf("unknown function %s", call.Name())
	}
	args, err := call.Args(params)
	if err != nil {
		return "", err
	}
	out := []byte(call.Name() + "(")
	for i, p := range params {
		if err := value.Check(args[i], p.Type); err != nil {
			return "", fmt.Errorf("the parsed value does not fit: %w", err)
		}
		out = append(out, p.Name+": "...)
		out = value.Append(out, args[i], p.Type)
	}
	return string(append(out, ')')), nil
}

// corpus returns the path of a folder in the shared corpus. It skips the test if the corpus is
// missing.
func corpus(t *testing.T, dir string) string {
	root := os.Getenv("CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	path := filepath.Join(root, dir)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED, NOTHING IS CHECKED: no corpus (set CORPUS): %v", err)
	}
	return path
}

// TestWaveUI runs the .waves files of wasm-wave (wasm-tools 1.257). Text that wasm-wave accepts
// must print the same, and text that it rejects must be rejected.
func TestWaveUI(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(corpus(t, "wave"), "ui", "*.waves"))
	if err != nil || len(files) < 20 {
		t.Fatalf("found %d files, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".waves")
		t.Run(name, func(t *testing.T) {
			in, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(strings.TrimSuffix(file, ".waves") + ".out")
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, text := range strings.Split(strings.TrimSuffix(strings.TrimSpace(string(in)), ";"), ";\n") {
				for strings.HasPrefix(text, "//") {
					comment, rest, _ := strings.Cut(text, "\n")
					got.WriteString(comment + "\n")
					text = rest
				}
				out, err := runUI(text)
				accept := strings.HasPrefix(name, "accept-")
				if accept != (err == nil) {
					t.Errorf("%s\n got %s, error %v", text, out, err)
				}
				got.WriteString(out + "\n")
			}
			if strings.HasPrefix(name, "accept-") {
				if diff := cmp.Diff(string(want), got.String()); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			}
		})
	}
}

// TestWaveTypes checks values of the types in types.wit of wasm-wave. Their text must survive the
// round trip.
func TestWaveTypes(t *testing.T) {
	for _, tt := range []struct {
		t     types.ValType
		texts []string
	}{
		{types.S64, []string{"-9223372036854775808", "9223372036854775807"}},
		{types.U64, []string{"18446744073709551615"}},
		{tuple(types.F32, types.F64), []string{"(3.4028234, -0.1)", "(nan, -inf)", "(16777216, 123456789)"}},
		{
			tuple(&types.Option{Elem: types.U8}, &types.Option{Elem: &types.Option{Elem: types.S8}}),
			[]string{"(some(1), none)", "(none, some(none))", "(none, some(some(-128)))"},
		},
		{&types.Result{OK: types.U8, Err: types.S8}, []string{"ok(1)", "err(-1)"}},
		{&types.Result{}, []string{"ok", "err"}},
		{
			&types.Variant{Cases: []types.Case{{Name: "without-payload"}, {Name: "with-payload", Type: types.U8}, {Name: "ok", Type: types.U8}}},
			[]string{"without-payload", "with-payload(7)", "%ok(7)"},
		},
		{&types.Flags{Names: []string{"true", "write"}}, []string{"{}", "{true}", "{true, write}"}},
		{&types.FixedList{Elem: types.U8, Len: 2}, []string{"[1, 2]"}},
		{&types.List{Elem: &types.List{Elem: types.Bool}}, []string{"[]", "[[], [true, false]]"}},
		{&types.Map{Key: types.String, Value: types.U8}, []string{"[]", `[("a", 1), ("b", 2)]`}},
		{types.String, []string{`"\u{301}\u{ad}é\u{feff}\u{7f}☃"`, `"{}//%"`}},
	} {
		for _, text := range tt.texts {
			v, err := value.Parse(text, tt.t)
			if err != nil {
				t.Errorf("%s: %v", text, err)
			} else if got := string(value.Append(nil, v, tt.t)); got != text {
				t.Errorf("got %s, want %s", got, text)
			}
		}
	}
}

func tuple(ts ...types.ValType) types.ValType { return &types.Tuple{Elems: ts} }

// TestFlattened checks text that prints differently from its source.
func TestFlattened(t *testing.T) {
	for _, tt := range []struct {
		t        types.ValType
		in, want string
	}{
		{&types.Option{Elem: types.Bool}, "true", "some(true)"},
		{&types.Result{OK: types.Bool}, "false", "ok(false)"},
		{&types.Option{Elem: &types.List{Elem: types.U8}}, "[1,]", "some([1])"},
		{types.Char, " // c\n'\"' ", `'\"'`},
		{types.F32, "1e39", "inf"},
		{types.F64, "-1E-400", "-0"},
		{types.S8, "-0", "0"},
		{types.String, "\"\"\"\r\n  a\r\n   b\\\"\r\n  \"\"\"", `"a\n b\""`},
	} {
		v, err := value.Parse(tt.in, tt.t)
		if err != nil {
			t.Errorf("%s: %v", tt.in, err)
		} else if got := string(value.Append(nil, v, tt.t)); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	u8, u32 := types.U8, types.U32
	point := &types.Named{Name: "point", Of: &types.Record{Fields: []types.Field{{Name: "x", Type: u32}, {Name: "color", Type: &types.Option{Elem: u8}}}}}
	for _, tt := range []struct {
		t        types.ValType
		in, want string
	}{
		{u8, "", "<wave>:1:1: unexpected end of input, expected a value"},
		{u8, "1 2", "<wave>:1:3: unexpected `2`, expected the end"},
		{u8, "\xff", "<wave>:1:1: the text is not UTF-8"},
		{u8, "é", "<wave>:1:1: unexpected character `é`"},
		{u8, "256", "<wave>:1:1: invalid value: `256` is not a u8"},
		{u8, "-0", "<wave>:1:1: invalid value: `-0` is not a u8"},
		{u8, "1.0", "<wave>:1:1: invalid value: `1.0` is not a u8"},
		{u8, "nan", "<wave>:1:1: invalid value: `nan` is not a u8"},
		{u8, "01", "<wave>:1:2: unexpected `1`, expected the end"},
		{u8, "-", "<wave>:1:1: unexpected character `-`"},
		{u8, "1e", "<wave>:1:2: unexpected `e`, expected the end"},
		{u8, "1e+", "<wave>:1:2: unexpected `e`, expected the end"},
		{u8, "1E-", "<wave>:1:2: unexpected `E`, expected the end"},
		{u8, "1.", "<wave>:1:2: unexpected character `.`"},
		{u8, "1.5e", "<wave>:1:4: unexpected `e`, expected the end"},
		{u8, "1\xff", "<wave>:1:2: the text is not UTF-8"},
		{types.String, "\"a\ufffd\xff\"", "<wave>:1:6: the text is not UTF-8"},
		{types.String, "\"\\u{0000041}\"", "<wave>:1:2: bad escape `\\u{0000041}`"},
		{types.String, "\"\\u{0}\\u{000041\"", "<wave>:1:7: bad escape `\\u`"},
		{types.String, "\"\\é\"", "<wave>:1:2: bad escape `\\é`"},
		{types.String, "\"a", "<wave>:1:1: the string is not closed"},
		{point, "{x\"", "<wave>:1:3: the string is not closed"},
		{u8, "true", "<wave>:1:1: invalid value type: expected u8, found bool `true`"},
		{point, "{y: 1}", "<wave>:1:2: unknown field `y`"},
		{point, "{x: 1, x: 2}", "<wave>:1:8: duplicate field: `x`"},
		{point, "{x: 1 color: 2}", "<wave>:1:7: unexpected `color`, expected `,` or `}`"},
		{point, "{color: 2}", "<wave>:1:1: missing field `x`"},
		{point, "{}", "<wave>:1:1: invalid value type: expected record { x: u32, color: option<u8> }, found flags"},
		{point, "{x: 1,\n  color: \"red\"}", "<wave>:2:10: invalid value type: expected u8, found string"},
		{&types.FixedList{Elem: u8, Len: 2}, "[1]", "<wave>:1:1: expected 2 elements, found 1"},
		{tuple(u8, u8), "(1)", "<wave>:1:1: expected 2 elements, found 1"},
		{tuple(u8), "()", "<wave>:1:1: empty tuple"},
		{&types.Option{Elem: &types.Option{Elem: u8}}, "1", "<wave>:1:1: invalid value type: expected option<option<u8>>, found number `1`"},
		{&types.Map{Key: u8, Value: u8}, "[(1)]", "<wave>:1:2: expected 2 elements, found 1"},
		{&types.Stream{Elem: u8}, "1", "<wave>:1:1: a value of type stream<u8> has no text form"},
		{types.ErrorContext, "1", "<wave>:1:1: a value of type error-context has no text form"},
		{types.String, `"a\u{d800}"`, "<wave>:1:3: bad escape `\\u{d800}`"},
		{types.String, "\"\"\"\n  a\n b\n  \"\"\"", "<wave>:3:1: lines must be indented at least as much as closing `\"\"\"`"},
		{types.String, "\"\"\"\n \\q\n \"\"\"", "<wave>:2:2: bad escape `\\q`"},
		{types.Char, "'ab'", "<wave>:1:1: a char is one character, found more"},
		{u8, strings.Repeat("[", 101), "<wave>:1:101: values are nested more than 100 levels deep"},
	} {
		v, err := value.Parse(tt.in, tt.t)
		if err == nil {
			t.Errorf("%s is accepted: %v", tt.in, v)
		} else if err.Error() != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.in, err, tt.want)
		}
	}
}

func TestCall(t *testing.T) {
	call, err := value.ParseCall("  ns-a:pkg/iface.f@1.2.3-rc.1(1, some(2))")
	if err != nil {
		t.Fatal(err)
	}
	if call.Name() != "ns-a:pkg/iface.f@1.2.3-rc.1" || call.InterfaceName() != "ns-a:pkg/iface@1.2.3-rc.1" ||
		call.NumArgs() != 2 || call.NameSpan().Text() != call.Name() {
		t.Errorf("got %s, %s, %d, %q", call.Name(), call.InterfaceName(), call.NumArgs(), call.NameSpan().Text())
	}
	opt := &types.Option{Elem: types.U8}
	params := []types.Param{{Name: "a", Type: types.U8}, {Name: "b", Type: opt}, {Name: "c", Type: opt}}
	args, err := call.Args(params)
	if err != nil || len(args) != 3 || args[1].Payload().U8() != 2 || args[2].IsSome() {
		t.Errorf("got %v, %v", args, err)
	}
	if bare, err := value.ParseCall("f"); err != nil {
		t.Error(err)
	} else if args, err := bare.Args(params[1:]); err != nil || len(args) != 2 {
		t.Errorf("all arguments omitted: got %v, %v", args, err)
	}
	for in, want := range map[string]string{
		"":                   "<wave>:1:1: expected the name of a function",
		"(1)":                "<wave>:1:1: expected the name of a function",
		"f-(1)":              "<wave>:1:3: bad name: `f-` is not in kebab case: it ends with a hyphen",
		"a.B-c.d(1)":         "<wave>:1:6: bad name: `B-c.d` is not in kebab case: unexpected `.`",
		"a:b/c(1)":           "<wave>:1:5: expected `iface.function` after the package, found `c`",
		"a:b/c.d@1.2(1)":     "<wave>:1:12: bad name: unexpected end of input while parsing minor version number",
		"a:b/c@1.2.3.d(1)":   "<wave>:1:12: bad name: unexpected character '.' after patch version number",
		"c.d@1.2.3(1)":       "<wave>:1:4: a version needs a package name",
		"a/c.d(1)":           "<wave>:1:2: bad name: expected `:` at ``",
		"f 1":                "<wave>:1:3: unexpected `1`, expected `(` and arguments",
		"f(1":                "<wave>:1:4: unexpected end of input, expected `,` or `)`",
		"f(1) 2":             "<wave>:1:6: unexpected `2`, expected the end",
		"f()":                "<wave>:1:3: missing argument `a` of type u8",
		"f":                  "<wave>:1:2: missing argument `a` of type u8",
		"f(1, 2, 3, 4)":      "<wave>:1:12: more arguments than the 3 that `f` takes",
		"f(a\"":              "<wave>:1:4: the string is not closed",
		"  f":                "<wave>:1:4: missing argument `a` of type u8",
		"f(true)":            "<wave>:1:3: invalid value type: expected u8, found bool `true`",
		"f(1, option(none))": "<wave>:1:6: invalid value type: expected u8, found case `option`",
	} {
		call, err := value.ParseCall(in)
		if err == nil {
			_, err = call.Args(params)
		}
		if err == nil || err.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", in, err, want)
		}
	}
}

// TestCodes checks that the example of each code, a call of a function of [uiFuncs], yields the
// code.
func TestCodes(t *testing.T) {
	golden.Codes(t, value.Codes, func(example string) error {
		_, err := runUI(example)
		return err
	})
}

// What Append writes of handles with a text can be read back.
func TestParseHandles(t *testing.T) {
	file := &types.Resource{Name: "file"}
	typ := tuple(&types.Own{Of: file}, &types.List{Elem: &types.Option{Elem: &types.Borrow{Of: file}}}, types.U8)
	read := func(text string) (any, error) {
		s, ok := strings.CutPrefix(text, "file#")
		if !ok {
			return nil, errors.New("it is not a file")
		}
		n, err := strconv.Atoi(s)
		return ticket(n), err
	}
	const text = "(file#1, [some(file#20), none], 3)"
	v, err := value.ParseHandles(text, typ, read)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(value.Append(nil, v, typ)); got != text || v.Index(0).Handle() != ticket(1) {
		t.Errorf("got %s", got)
	}
	for _, tt := range [][2]string{
		{"(file#1, [], file#1)", "1:14: invalid value type: expected u8, found case `file#1`"},
		{"(thing#1, [], 1)", "1:2: invalid handle `thing#1`: it is not a file"},
		{"(1, [], 1)", "1:2: invalid value type: expected file, found number `1`"},
		{"(file#, [], 1)", "1:6: unexpected character `#`"},
	} {
		_, err := value.ParseHandles(tt[0], typ, read)
		if err == nil || !strings.Contains(err.Error(), tt[1]) {
			t.Errorf("%s: got %v, want %s", tt[0], err, tt[1])
		}
	}
	// The deepest arguments that a function can have.
	var deep types.ValType = types.U8
	for range 99 {
		deep = &types.List{Elem: deep}
	}
	nested := "(" + strings.Repeat("[", 99) + "1" + strings.Repeat("]", 99) + ")"
	if _, err := value.ParseHandles(nested, tuple(deep), read); err != nil {
		t.Error(err)
	}
	if _, err := value.Parse("file#1", &types.Own{Of: file}); err == nil {
		t.Error("Parse reads handles")
	}
}

// A ticket is a handle with a text.
type ticket int

func (n ticket) HandleText() string { return fmt.Sprintf("file#%d", int(n)) }

func TestAppendHandles(t *testing.T) {
	for _, tt := range []struct {
		v    value.Value
		t    types.ValType
		want string
	}{
		{value.Own(1), &types.Own{Of: &types.Resource{Name: "file"}}, "<file>"},
		{value.Borrow(1), &types.Borrow{Of: &types.Resource{Name: "file"}}, "<borrow<file>>"},
		{value.Stream(1), &types.Stream{Elem: types.U8}, "<stream<u8>>"},
		{value.ErrorContext(1), types.ErrorContext, "<error-context>"},
		{value.Own(ticket(3)), &types.Own{Of: &types.Resource{Name: "file"}}, "file#3"},
	} {
		if got := string(value.Append(nil, tt.v, tt.t)); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}
