package encoding

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/golden"
)

type errorRow struct{ pos, sections, want string }

func bad(sections, want string) errorRow { return errorRow{here(), sections, "test.wasm:" + want} }

// The text up to the first colon is that of the specification's suite where the suite has the case.
func errorRows() []errorRow {
	return []errorRow{
		bad(`0d 00`, `0x8: malformed section id`),
		bad(`ff`, `0x8: malformed section id`),
		bad(`07 03 00`, `0xb: unexpected end-of-file`),
		bad(`07 01 01 73`, `0xb: unexpected end-of-file`),
		bad(`00 80 80`, `0xb: unexpected end-of-file`),
		bad(`00`, `0x9: unexpected end-of-file`),
		bad(`07 81 80 80 80 70 00`, `0xd: integer too large for a u32`),
		bad(`07 81 80 80 80 80 00 00`, `0xd: integer representation too long for a u32`),
		bad(`07 04 bf 84 3d 73`, `0xe: unexpected end-of-file`),
		bad(`07 02 02 73`, `0xc: unexpected end-of-file`),
		bad(`07 02 00 00`, `0xb: section size mismatch: unexpected data at the end of the section`),
		// custom sections
		bad(`00 03 05 'ab'`, `0xd: unexpected end-of-file (custom section 0)`),
		bad(`00 03 02 ff fe`, `0xb: malformed UTF-8 encoding (custom section 0)`),
		bad(`00 05 04 'abc' c3`, `0xe: malformed UTF-8 encoding (custom section 0)`),
		// nested modules and components
		bad(`01 08 00 'asm' 0d 00 01 00`, `0xa: expected a version header for a module`),
		bad(`01 04 00 'asm'`, `0xe: unexpected end-of-file (core module 0)`),
		bad(`01 08 00 'asm' 02 00 00 00`, `0xe: unknown binary version and layer: 0x02000000 (core module 0)`),
		bad(`04 08 00 'asm' 0c 00 01 00`, `0xe: unknown binary version and layer: 0x0c000100 (component 0)`),
		bad(`04 08 00 'asm' 01 00 00 00`, `0xa: expected a version header for a component`),
		bad(`04 08 00 'asm' 0d 00 01 00 04 { 00 'asm' 0d 00 01 00 07 { 02 73 62 } }`,
			`0x20: invalid leading byte (0x62) for component defined type (component 1 > type 1)`),
		// core instances
		bad(`02 { 01 02 00 00 }`, `0xb: invalid leading byte (0x2) for core instance (core instance 0)`),
		bad(`02 { 01 00 01 01 01 'i' 00 00 }`, `0x10: invalid leading byte (0x0) for instantiation arg kind`),
		bad(`02 { 01 01 01 01 'i' 05 00 }`, `0xf: invalid leading byte (0x5) for external kind`),
		// instances
		bad(`05 { 01 02 00 00 }`, `0xb: invalid leading byte (0x2) for instance (instance 0)`),
		bad(`05 { 01 00 00 01 01 'x' 00 00 00 }`, `0x11: invalid leading byte (0x0) for component external kind`),
		// aliases
		bad(`06 { 01 03 03 00 00 }`, `0xc: invalid leading byte (0x3) for alias (alias 0)`),
		bad(`06 { 01 06 02 00 00 }`, `0xb: invalid leading byte (0x6) for component outer alias kind`),
		bad(`06 { 01 00 05 02 00 00 }`, `0xc: invalid leading byte (0x5) for component outer alias kind`),
		bad(`06 { 01 00 13 02 00 00 }`, `0xc: invalid leading byte (0x13) for component outer alias kind`),
		bad(`06 { 01 05 02 00 00 }`, `0xb: invalid leading byte (0x5) for component outer alias kind`),
		bad(`06 { 01 00 00 00 00 00 }`, `0xc: invalid leading byte (0x0) for component external kind`),
		bad(`06 { 01 01 01 00 00 }`, `0xb: invalid leading byte (0x1) for core instance export kind`),
		// types
		bad(`07 02 01 62`, `0xb: invalid leading byte (0x62) for component defined type (type 0)`),
		bad(`07 03 02 73 44`, `0xc: invalid leading byte (0x44) for component defined type (type 1)`),
		bad(`07 02 01 ff`, `0xb: invalid leading byte (0xff) for component defined type`),
		bad(`07 { 01 71 01 01 'c' 00 01 }`, `0x10: invalid leading byte (0x1) for zero byte required`),
		bad(`07 { 01 70 72 }`, `0xc: invalid leading byte (0x72) for component value type`),
		bad(`07 { 01 70 ff 7f }`, `0xc: invalid leading byte (0xff) for component value type`),
		bad(`07 { 01 70 ff ff ff ff 2f }`, `0x10: integer too large for a s33`),
		bad(`07 { 01 66 02 }`, `0xc: invalid leading byte (0x2) for optional component value type`),
		bad(`07 { 01 40 00 01 01 }`, `0xe: invalid leading byte (0x1) for number of results`),
		bad(`07 { 01 40 00 02 00 }`, `0xd: invalid leading byte (0x2) for component function results`),
		bad(`07 { 01 3f 7f 02 }`, `0xd: invalid leading byte (0x2) for resource destructor`),
		bad(`07 { 01 3f 40 00 }`, `0xc: invalid value type`),
		bad(`07 { 01 41 01 05 73 }`, `0xd: invalid leading byte (0x5) for component or instance type declaration`),
		bad(`07 { 01 42 01 03 00 01 'a' 03 01 }`, `0xd: invalid leading byte (0x3) for component or instance type declaration`),
		// core types
		bad(`03 { 01 50 01 04 60 00 00 }`, `0xd: invalid leading byte (0x4) for type definition (core type 0)`),
		bad(`03 { 01 50 01 02 00 01 01 00 }`, `0xe: invalid leading byte (0x0) for outer alias kind`),
		bad(`03 { 01 50 01 02 10 00 01 00 }`, `0xf: invalid leading byte (0x0) for outer alias target`),
		bad(`03 { 01 50 02 01 50 00 01 60 00 00 }`, `0x10: invalid leading byte (0x1) for type`),
		bad(`03 { 01 00 60 00 00 }`, `0xc: invalid leading byte (0x60) for non-final sub type`),
		bad(`03 { 01 60 01 63 40 00 }`, `0xe: invalid heap type`),
		bad(`03 { 01 60 01 65 60 00 }`, `0xd: malformed reference type`),
		bad(`03 { 01 50 01 03 00 02 10 00 }`, `0x10: invalid memory limits flags`),
		bad(`03 { 01 50 01 03 00 05 }`, `0xf: invalid leading byte (0x5) for external kind`),
		// canonical definitions
		bad(`08 02 01 07`, `0xb: invalid leading byte (0x7) for canonical function (canon 0)`),
		bad(`08 02 01 2e`, `0xb: invalid leading byte (0x2e) for canonical function`),
		bad(`08 02 01 43`, `0xb: invalid leading byte (0x43) for canonical function`),
		bad(`08 { 01 00 01 00 00 00 }`, `0xc: invalid leading byte (0x1) for canonical function lift`),
		bad(`08 { 01 01 01 00 00 }`, `0xc: invalid leading byte (0x1) for canonical function lower`),
		bad(`08 { 01 01 00 00 01 0a }`, `0xf: invalid leading byte (0xa) for canonical option`),
		bad(`08 { 01 0c 01 }`, "0xc: invalid leading byte (0x1) for zero byte: `thread.yield` was `cancellable` here, which the component model no longer has"),
		bad(`08 { 01 20 02 00 }`, "0xc: invalid leading byte (0x2) for zero byte: it also was an invalid boolean value when `waitable-set.wait` could be `cancellable`"),
		bad(`08 { 01 06 02 }`, `0xc: invalid boolean value`),
		bad(`08 { 01 42 02 }`, `0xc: invalid boolean value`),
		// imports and exports
		bad(`0a { 01 03 01 'a' 01 00 }`, `0xb: invalid leading byte (0x3) for component name (import 0)`),
		bad(`0a { 01 02 01 'a' 01 03 01 'x' 01 00 }`, `0xf: invalid leading byte (0x3) for name option`),
		bad(`0a { 01 00 01 't' 03 02 }`, `0xf: invalid leading byte (0x2) for type bound`),
		bad(`0a { 01 00 01 't' 02 02 }`, `0xf: invalid leading byte (0x2) for value bound`),
		bad(`0a { 01 00 01 'x' 06 00 }`, `0xe: invalid leading byte (0x6) for component external kind`),
		bad(`0a { 01 00 01 'm' 00 00 }`, `0xf: invalid leading byte (0x0) for component external kind`),
		bad(`0a { 01 00 7f 'ab' }`, `0xf: unexpected end-of-file`),
		bad(`0b { 01 00 01 'e' 01 00 02 }`, `0x10: invalid leading byte (0x2) for optional component export type (export 0)`),
		bad(`0b { 01 00 01 'e' 06 00 00 }`, `0xe: invalid leading byte (0x6) for component external kind`),
		// start functions and values
		bad(`09 { 00 00 00 00 }`, `0xd: unexpected content in the component start section`),
		bad(`09 { 00 00 e9 07 }`, `0xc: start function results size is out of bounds (start 0)`),
		bad(`0c { 01 7d 02 00 }`, `0xe: unexpected end-of-file (value 0)`),
	}
}

func TestDecodeErrors(t *testing.T) {
	for _, r := range errorRows() {
		wantError(t, r.pos, component(r.sections), r.want)
	}
}

func TestPreambleErrors(t *testing.T) {
	rows := []struct{ data, want string }{
		{``, `0x0: unexpected end-of-file`},
		{`00`, `0x1: unexpected end-of-file`},
		{`00 'asm'`, `0x4: unexpected end-of-file`},
		{`00 'asm' 0d 00 01`, `0x7: unexpected end-of-file`},
		{`'asm' 00 0d 00 01 00`, `0x0: magic header not detected: bad magic number`},
		{`00 'ASM' 0d 00 01 00`, `0x0: magic header not detected`},
		{`00 'asm' 0c 00 01 00`, `0x4: unknown binary version and layer: 0x0c000100`},
		{`00 'asm' 0d 00 01 01`, `0x4: unknown binary version and layer: 0x0d000101`},
		{`00 'asm' 0d 00 00 00`, `0x4: unknown binary version and layer`},
		{`00 'asm' 01 00 00 00`, "0x0: expected a version header for a component, found a core module's"},
	}
	for _, r := range rows {
		wantError(t, r.data, bytesOf(r.data), "test.wasm:"+r.want)
	}
}

// A core module at the top level gets a help text. One in the place of a nested component does not,
// because the user did not write it.
func TestCoreModuleHelp(t *testing.T) {
	for data, want := range map[string][]string{
		`00 'asm' 01 00 00 00`:                             {"make a component of the core module first"},
		`00 'asm' 0d 00 01 00 04 { 00 'asm' 01 00 00 00 }`: nil,
	} {
		_, err := decode(bytesOf(data))
		var d *diag.Diagnostic
		if !errors.As(err, &d) || !strings.HasPrefix(d.Message, "expected a version header for a component") {
			t.Fatalf("%s: %v", data, err)
		}
		if diff := cmp.Diff(want, d.Help); diff != "" {
			t.Errorf("%s: help (-want +got):\n%s", data, diff)
		}
	}
}

// nestedTypes returns n instance types nested in each other.
func nestedTypes(n int) string {
	return fmt.Sprintf("07 { 01 %s 42 00 }", strings.Repeat("42 01 01 ", n-1))
}

// nestedComponents returns n components nested in each other.
func nestedComponents(n int) string {
	return strings.Repeat("04 { 00 'asm' 0d 00 01 00 ", n) + strings.Repeat("} ", n)
}

func TestNestingLimit(t *testing.T) {
	for _, nested := range []func(int) string{nestedTypes, nestedComponents} {
		checkLaw(t, component(nested(MaxNesting)))
		_, err := decode(component(nested(MaxNesting + 1)))
		var d *diag.Diagnostic
		if !errors.As(err, &d) || d.Code != CodeNesting || !strings.HasPrefix(d.Message, "nesting too deep") {
			t.Errorf("%d levels: error %v", MaxNesting+1, err)
		}
		decode(component(nested(10 * MaxNesting))) // must return
	}
	if _, err := decode(component("04 { 00 'asm' 0d 00 01 00 " + nestedTypes(MaxNesting) + " }")); err == nil {
		t.Error("nesting of components and types does not add up")
	}
}

func TestCodes(t *testing.T) {
	golden.Codes(t, Codes, func(example string) error {
		if strings.HasPrefix(example, "nested") {
			example = nestedTypes(MaxNesting + 1)
		}
		_, err := decode(component(example))
		return err
	})
	for kind, code := range codeOf {
		if code == "" {
			t.Errorf("kind %d has no code", kind)
		}
	}
}
