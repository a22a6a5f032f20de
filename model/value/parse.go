package value

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/types"
)

// sourceName is the file name in positions. WAVE text rarely comes from a file.
const sourceName = "<wave>"

// Parse reads the WAVE text of a value of type t. Whitespace and comments may surround the value.
// The error is a [*diag.Diagnostic] with a span in a file named "<wave>". Lists of numbers are
// packed, and strings may share memory with text.
func Parse(text string, t types.ValType) (Value, error) {
	return ParseNamed(sourceName, text, t)
}

// ParseNamed is [Parse] for text from a file with the given name.
func ParseNamed(name, text string, t types.ValType) (Value, error) {
	p, err := newParser(name, text)
	if err != nil {
		return Value{}, err
	}
	if err := p.whole(); err != nil {
		return Value{}, err
	}
	b := builder{source: p.source, nodes: p.nodes}
	v, err := b.build(0, t)
	if err != nil {
		return Value{}, err
	}
	return v, nil
}

// ParseHandles is [Parse] for text with resource handles as a name and a number: `thing#3`. handle
// returns the handle for such a text. Values may nest one level deeper than in Parse, so that the
// arguments of any function can be read as one tuple.
func ParseHandles(text string, t types.ValType, handle func(text string) (any, error)) (Value, error) {
	p, err := newParser(sourceName, text)
	if err != nil {
		return Value{}, err
	}
	p.handles, p.depth = true, -1
	if err := p.whole(); err != nil {
		return Value{}, err
	}
	b := builder{source: p.source, nodes: p.nodes, handle: handle}
	v, err := b.build(0, t)
	if err != nil {
		return Value{}, err
	}
	return v, nil
}

// whole reads one value, which must be the whole text.
func (p *parser) whole() *diag.Diagnostic {
	if err := p.advance(); err != nil {
		return err
	}
	if err := p.value(); err != nil {
		return err
	}
	if p.tok.kind != tokEnd {
		return p.unexpected("the end")
	}
	return nil
}

// builder turns nodes into values of given types.
type builder struct {
	*source
	nodes  []node
	handle func(text string) (any, error) // nil if handles have no text
}

// resource returns the handle of type t at node i.
func (b *builder) resource(i int, named types.ValType, of func(any) Value) (Value, *diag.Diagnostic) {
	if b.handle == nil {
		return Value{}, b.errorAt(i, CodeNoText, "a value of type %s has no text form", types.TypeString(named))
	}
	if b.nodes[i].kind != nodeLabel {
		return Value{}, b.wrongType(i, named)
	}
	h, err := b.handle(b.nodeText(i))
	if err != nil {
		return Value{}, b.errorAt(i, CodeWrongType, "invalid handle `%s`: %v", b.nodeText(i), err)
	}
	return of(h), nil
}

func (b *builder) errorAt(i int, code diag.Code, format string, args ...any) *diag.Diagnostic {
	n := &b.nodes[i]
	return b.errorf(int(n.start), int(n.end), code, format, args...)
}

func (b *builder) nodeText(i int) string { return b.text[b.nodes[i].start:b.nodes[i].end] }

// label returns the name in a label node.
func (b *builder) label(i int) string { return strings.TrimPrefix(b.nodeText(i), "%") }

// after returns the index of the node after node i and its descendants.
func (b *builder) after(i int) int { return i + int(b.nodes[i].size) }

// count returns the number of children of node i.
func (b *builder) count(i int) int {
	n := 0
	for c := i + 1; c < b.after(i); c = b.after(c) {
		n++
	}
	return n
}

func (b *builder) wrongType(i int, t types.ValType) *diag.Diagnostic {
	found := nodeNames[b.nodes[i].kind]
	switch b.nodes[i].kind {
	case nodeLabel, nodeBool, nodeNumber:
		found += " `" + b.nodeText(i) + "`"
	case nodeCase:
		found += " `" + b.nodeText(i+1) + "`"
	}
	d := b.errorAt(i, CodeWrongType, "invalid value type: expected %s, found %s", types.Definition(t), found)
	if k := KindOf(t); (k == KindEnum || k == KindVariant) && isKeyword(keywordOf(b.nodeText(i))) {
		d.Helpf("write `%%%s` for a case of this name", keywordOf(b.nodeText(i)))
	}
	return d
}

// keywordOf returns the first word of text.
func keywordOf(text string) string { return text[:skipWord(text, 0)] }

// build returns the value of type t at node i.
func (b *builder) build(i int, named types.ValType) (Value, *diag.Diagnostic) {
	kind := b.nodes[i].kind
	switch t := types.UnnameVal(named).(type) {
	case types.Prim:
		return b.prim(i, t)
	case *types.List:
		return b.list(i, t.Elem, named)
	case *types.FixedList:
		if n := b.count(i); kind == nodeList && n != int(t.Len) {
			return Value{}, b.errorAt(i, CodeWrongCount, "expected %s, found %d", diag.Count(t.Len, "element"), n)
		}
		return b.list(i, t.Elem, named)
	case *types.Tuple:
		return b.tuple(i, t.Elems, named)
	case *types.Record:
		return b.record(i, t)
	case *types.Variant:
		return b.variant(i, t)
	case *types.Enum:
		return b.enum(i, t)
	case *types.Flags:
		return b.flags(i, t)
	case *types.Option:
		return b.option(i, t)
	case *types.Result:
		return b.result(i, t)
	case *types.Map:
		return b.mapValue(i, t)
	case *types.Own:
		return b.resource(i, named, Own)
	case *types.Borrow:
		return b.resource(i, named, Borrow)
	default:
		return Value{}, b.errorAt(i, CodeNoText, "a value of type %s has no text form", types.TypeString(named))
	}
}

func (b *builder) prim(i int, t types.Prim) (Value, *diag.Diagnostic) {
	kind := b.nodes[i].kind
	switch {
	case t == types.ErrorContext:
		return Value{}, b.errorAt(i, CodeNoText, "a value of type %s has no text form", t)
	case t == types.Bool && kind == nodeBool:
		return Bool(b.nodeText(i) == "true"), nil
	case t == types.Char && kind == nodeChar:
		return b.char(i), nil
	case t == types.String && kind == nodeString:
		s := b.nodeText(i)
		s, _ = unescapeAll(s[1 : len(s)-1]) // the lexer has checked the escapes
		return String(s), nil
	case t == types.String && kind == nodeMultiline:
		return b.multiline(i)
	case kind != nodeNumber || t == types.Bool || t == types.Char || t == types.String:
		return Value{}, b.wrongType(i, t)
	case t == types.F32:
		return F32(float32(b.float(i, 32))), nil
	case t == types.F64:
		return F64(b.float(i, 64)), nil
	}
	num, err := b.integer(i, t)
	if err != nil {
		return Value{}, err
	}
	return Value{kind: primKinds[t], num: num}, nil
}

func (b *builder) char(i int) Value {
	inner := b.text[b.nodes[i].start+1 : b.nodes[i].end-1]
	if r, n := unescape(inner); n > 0 {
		return Char(r)
	}
	for _, r := range inner {
		return Char(r)
	}
	panic("unreachable: the lexer rejects empty chars")
}

var intWidths = [...]struct {
	bits   int
	signed bool
}{
	types.S8: {8, true}, types.U8: {8, false}, types.S16: {16, true}, types.U16: {16, false},
	types.S32: {32, true}, types.U32: {32, false}, types.S64: {64, true}, types.U64: {64, false},
}

// integer returns the integer of type t at number node i, sign-extended to 64 bits.
func (b *builder) integer(i int, t types.Prim) (uint64, *diag.Diagnostic) {
	text, w := b.nodeText(i), intWidths[t]
	var num uint64
	var err error
	if w.signed {
		var n int64
		n, err = strconv.ParseInt(text, 10, w.bits)
		num = uint64(n)
	} else {
		num, err = strconv.ParseUint(text, 10, w.bits)
	}
	if err == nil {
		return num, nil
	}
	d := b.errorAt(i, CodeInvalidNumber, "invalid value: `%s` is not a %s", text, t)
	if strings.ContainsAny(text, ".einfa") {
		return 0, d.Notef("an integer has no fraction and no exponent")
	}
	if w.signed {
		return 0, d.Notef("%s ranges from %d to %d", t, int64(-1)<<(w.bits-1), int64(math.MaxInt64)>>(64-w.bits))
	}
	return 0, d.Notef("%s ranges from 0 to %d", t, uint64(math.MaxUint64)>>(64-w.bits))
}

// float returns the float nearest to number node i. The result is infinite if the number exceeds
// all floats.
func (b *builder) float(i, bitSize int) float64 {
	text := b.nodeText(i)
	if text == "nan" {
		// This is the canonical NaN, which converts to the canonical NaN of 32 bits.
		return math.Float64frombits(0x7ff8 << 48)
	}
	// The lexer has checked the syntax. With a range error, ParseFloat returns infinity.
	f, _ := strconv.ParseFloat(text, bitSize)
	return f
}

// unescapeAll replaces the escapes in s, or returns the offset of a bad one.
func unescapeAll(s string) (string, int) {
	i := strings.IndexByte(s, '\\')
	if i < 0 {
		return s, -1
	}
	out := make([]byte, 0, len(s))
	for at := 0; ; i = strings.IndexByte(s[at:], '\\') {
		if i < 0 {
			return string(append(out, s[at:]...)), -1
		}
		out = append(out, s[at:at+i]...)
		at += i
		r, n := unescape(s[at:])
		if n == 0 {
			return "", at
		}
		out = append(out, string(r)...)
		at += n
	}
}

// multiline returns the string between `"""`. The first line must be empty, and the last must
// contain only spaces. The string consists of the lines in between, without the indentation of the
// last line.
func (b *builder) multiline(i int) (Value, *diag.Diagnostic) {
	start, end := int(b.nodes[i].start)+3, int(b.nodes[i].end)-3
	inner := b.text[start:end]
	last := strings.LastIndexByte(inner, '\n') + 1
	indent := inner[last:]
	if strings.Trim(indent, " ") != "" {
		return Value{}, b.errorf(end, end+3, CodeBadString, "closing `\"\"\"` must be on a line preceded only by spaces")
	}
	body, ok := strings.CutPrefix(strings.TrimPrefix(inner[:last], "\r"), "\n")
	if !ok {
		return Value{}, b.errorf(start, start+1, CodeBadString, "opening `\"\"\"` must be followed immediately by newline")
	}
	at := start + last - len(body)
	var out strings.Builder
	for n := 0; body != ""; n++ {
		line, rest, _ := strings.Cut(body, "\n")
		text, ok := strings.CutPrefix(line, indent)
		if !ok {
			return Value{}, b.errorf(at, at+len(line), CodeBadString, "lines must be indented at least as much as closing `\"\"\"`")
		}
		if n > 0 {
			out.WriteByte('\n')
		}
		text, bad := unescapeAll(strings.TrimSuffix(text, "\r"))
		if bad >= 0 {
			return Value{}, b.badEscape(at + len(indent) + bad)
		}
		out.WriteString(text)
		at += len(line) + 1
		body = rest
	}
	return String(out.String()), nil
}

func (b *builder) list(i int, elem, named types.ValType) (Value, *diag.Diagnostic) {
	if b.nodes[i].kind != nodeList {
		return Value{}, b.wrongType(i, named)
	}
	switch p, _ := types.UnnameVal(elem).(types.Prim); p {
	case types.Bool:
		return packed(b, i, p, Value.Bool)
	case types.S8:
		return packed(b, i, p, func(v Value) int8 { return int8(v.num) })
	case types.U8:
		return packed(b, i, p, func(v Value) uint8 { return uint8(v.num) })
	case types.S16:
		return packed(b, i, p, func(v Value) int16 { return int16(v.num) })
	case types.U16:
		return packed(b, i, p, func(v Value) uint16 { return uint16(v.num) })
	case types.S32:
		return packed(b, i, p, func(v Value) int32 { return int32(v.num) })
	case types.U32:
		return packed(b, i, p, func(v Value) uint32 { return uint32(v.num) })
	case types.S64:
		return packed(b, i, p, func(v Value) int64 { return int64(v.num) })
	case types.U64:
		return packed(b, i, p, func(v Value) uint64 { return v.num })
	case types.F32:
		return packed(b, i, p, Value.F32)
	case types.F64:
		return packed(b, i, p, Value.F64)
	}
	elems := make([]Value, 0, b.count(i))
	for c := i + 1; c < b.after(i); c = b.after(c) {
		v, err := b.build(c, elem)
		if err != nil {
			return Value{}, err
		}
		elems = append(elems, v)
	}
	return List(elems), nil
}

func packed[T Scalar](b *builder, i int, t types.Prim, get func(Value) T) (Value, *diag.Diagnostic) {
	elems := make([]T, 0, b.count(i))
	for c := i + 1; c < b.after(i); c = b.after(c) {
		v, err := b.prim(c, t)
		if err != nil {
			return Value{}, err
		}
		elems = append(elems, get(v))
	}
	return Packed(elems), nil
}

func (b *builder) tuple(i int, ts []types.ValType, named types.ValType) (Value, *diag.Diagnostic) {
	if b.nodes[i].kind != nodeTuple {
		return Value{}, b.wrongType(i, named)
	}
	if n := b.count(i); n != len(ts) {
		return Value{}, b.errorAt(i, CodeWrongCount, "expected %s, found %d", diag.Count(len(ts), "element"), n)
	}
	elems := make([]Value, len(ts))
	c := i + 1
	for k, t := range ts {
		var err *diag.Diagnostic
		if elems[k], err = b.build(c, t); err != nil {
			return Value{}, err
		}
		c = b.after(c)
	}
	return Tuple(elems), nil
}

func (b *builder) mapValue(i int, t *types.Map) (Value, *diag.Diagnostic) {
	if b.nodes[i].kind != nodeList {
		return Value{}, b.wrongType(i, t)
	}
	entries := make([]Entry, 0, b.count(i))
	pair := &types.Tuple{Elems: []types.ValType{t.Key, t.Value}}
	for c := i + 1; c < b.after(i); c = b.after(c) {
		v, err := b.tuple(c, pair.Elems, pair)
		if err != nil {
			return Value{}, err
		}
		entries = append(entries, Entry{v.Index(0), v.Index(1)})
	}
	return Map(entries), nil
}

func (b *builder) record(i int, t *types.Record) (Value, *diag.Diagnostic) {
	if b.nodes[i].kind != nodeRecord {
		d := b.wrongType(i, t)
		if b.nodes[i].kind == nodeFlags && b.nodes[i].size == 1 {
			d.Helpf("write `{:}` for a record without fields")
		}
		return Value{}, d
	}
	fields := make([]Value, len(t.Fields))
	for c := i + 1; c < b.after(i); {
		label, val := c, c+1
		name := b.label(label)
		k := slices.IndexFunc(t.Fields, func(f types.Field) bool { return f.Name == name })
		if k < 0 {
			return Value{}, b.unknownName(label, "field", t)
		}
		if !fields[k].IsZero() {
			return Value{}, b.errorAt(label, CodeDuplicateName, "duplicate field: `%s`", name)
		}
		var err *diag.Diagnostic
		if fields[k], err = b.build(val, t.Fields[k].Type); err != nil {
			return Value{}, err
		}
		c = b.after(val)
	}
	for k, f := range t.Fields {
		if !fields[k].IsZero() {
			continue
		}
		if KindOf(f.Type) != KindOption {
			return Value{}, b.errorAt(i, CodeMissingField, "missing field `%s`", f.Name)
		}
		fields[k] = None()
	}
	return Record(fields), nil
}

// unknownName reports that t has no case, flag or field with the name at node i.
func (b *builder) unknownName(i int, what string, t types.ValType) *diag.Diagnostic {
	name := b.label(i)
	d := b.errorAt(i, CodeUnknownName, "unknown %s `%s`", what, name)
	if s, ok := diag.Suggest(name, types.Labels(t)); ok {
		return d.Helpf("a %s with a similar name exists: `%s`", what, s)
	}
	return d.Notef("the type is %s", types.Definition(t))
}

func (b *builder) flags(i int, t *types.Flags) (Value, *diag.Diagnostic) {
	if b.nodes[i].kind != nodeFlags {
		return Value{}, b.wrongType(i, t)
	}
	var bits uint32
	for c := i + 1; c < b.after(i); c = b.after(c) {
		name := b.label(c)
		k := slices.Index(t.Names, name)
		if k < 0 {
			return Value{}, b.unknownName(c, "flag", t)
		}
		if bits>>k&1 != 0 {
			return Value{}, b.errorAt(c, CodeDuplicateName, "duplicate flag: `%s`", name)
		}
		bits |= 1 << k
	}
	return Flags(bits), nil
}

func (b *builder) enum(i int, t *types.Enum) (Value, *diag.Diagnostic) {
	if b.nodes[i].kind != nodeLabel {
		return Value{}, b.wrongType(i, t)
	}
	k := slices.Index(t.Names, b.label(i))
	if k < 0 {
		return Value{}, b.unknownName(i, "case", t)
	}
	return Enum(k), nil
}

func (b *builder) variant(i int, t *types.Variant) (Value, *diag.Diagnostic) {
	label, payload := i, -1
	switch b.nodes[i].kind {
	case nodeLabel:
	case nodeCase:
		label, payload = i+1, i+2
	default:
		return Value{}, b.wrongType(i, t)
	}
	name := b.label(label)
	k := slices.IndexFunc(t.Cases, func(c types.Case) bool { return c.Name == name })
	if k < 0 {
		return Value{}, b.unknownName(label, "case", t)
	}
	v, err := b.payload(i, payload, name, t.Cases[k].Type)
	if err != nil {
		return Value{}, err
	}
	return Variant(k, v), nil
}

// payload returns the payload of the case at node i. The payload type is t, or nil if the case has
// none. Node p is the payload, or -1 if there is none.
func (b *builder) payload(i, p int, name string, t types.ValType) (Value, *diag.Diagnostic) {
	switch {
	case t == nil && p < 0:
		return Value{}, nil
	case t == nil:
		return Value{}, b.errorAt(p, CodeWrongPayload, "unexpected payload for case `%s`", name)
	case p < 0:
		return Value{}, b.errorAt(i, CodeWrongPayload, "missing payload for case `%s`", name).
			Helpf("write `%s(…)` with a value of type %s", b.nodeText(i), types.TypeString(t))
	}
	return b.build(p, t)
}

// flattens reports whether the payload of an option or result may be written without its case. The
// payload has type t.
func flattens(t types.ValType) bool {
	if t == nil {
		return false
	}
	k := KindOf(t)
	return k != KindOption && k != KindResult
}

func (b *builder) option(i int, t *types.Option) (Value, *diag.Diagnostic) {
	p := i + 1
	switch b.nodes[i].kind {
	case nodeNone:
		return None(), nil
	case nodeSome:
	default:
		if !flattens(t.Elem) {
			return Value{}, b.wrongType(i, t)
		}
		p = i
	}
	v, err := b.build(p, t.Elem)
	if err != nil {
		return Value{}, err
	}
	return Some(v), nil
}

func (b *builder) result(i int, t *types.Result) (Value, *diag.Diagnostic) {
	payload := -1
	if b.nodes[i].size > 1 {
		payload = i + 1
	}
	switch b.nodes[i].kind {
	case nodeOK:
		v, err := b.payload(i, payload, "ok", t.OK)
		if err != nil {
			return Value{}, err
		}
		return OK(v), nil
	case nodeErr:
		v, err := b.payload(i, payload, "err", t.Err)
		if err != nil {
			return Value{}, err
		}
		return Err(v), nil
	}
	if !flattens(t.OK) {
		return Value{}, b.wrongType(i, t)
	}
	v, err := b.build(i, t.OK)
	if err != nil {
		return Value{}, err
	}
	return OK(v), nil
}
