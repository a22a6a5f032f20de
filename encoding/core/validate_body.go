package core

import (
	"fmt"
	"sort"
	"strings"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// The algorithm is that of the appendix "Validation Algorithm" of the core specification: a stack
// of operand types and a stack of control frames. An instruction with a signature in the table pops
// and pushes the types of its signature. The others have their own functions, in the files
// validate_*.go. Operands of unreachable code have type vtBot and are supplied as needed.

// body validates function bodies and constant expressions, one after another. It reuses its stacks.
type body struct {
	v  *validator
	r  InstrReader
	in Instr

	ops    []vt
	frames []frame
	height int // height of ops at the start of the innermost frame

	// The first locals are in a flat list. All locals are in runs, because a few bytes can declare
	// many.
	locals    []vt
	runs      []localRun
	numLocals uint32
	// initialized reports which locals are set, from firstNoDefault on, the first local without a
	// default value. inits are the locals to unset at the end of the frame that set them.
	firstNoDefault uint32
	initialized    []bool
	inits          []uint32

	popped  []vt
	shared  bool // whether the function is shared
	isConst bool
	index   int // function index
	section SectionID
	err     *Error

	operands func(int, []string, int) // see OperandStacks
	shown    []string
}

// maxFlatLocals limits the number of locals that are stored one by one.
const maxFlatLocals = 128

type localRun struct {
	end uint32 // index after the last local
	t   vt
}

// noDefault is the value of firstNoDefault if all locals have a default.
const noDefault = 1<<32 - 1

type frameKind uint8

const (
	frameBlock frameKind = iota
	frameIf
	frameElse
	frameLoop
	frameTryTable
	frameTry
	frameCatch
	frameCatchAll
)

type frame struct {
	kind        frameKind
	unreachable bool
	height      int
	inits       int
	params      []vt
	results     []vt
}

// label returns the types that a branch to the frame takes.
func (f *frame) label() []vt {
	if f.kind == frameLoop {
		return f.params
	}
	return f.results
}

// check holds the facts about an instruction that validation needs, computed once from the table.
type check struct {
	class    class
	params   []vt
	results  []vt
	need     feature.Set
	floats   bool
	lanes    uint8
	atomic   bool
	constant Const
}

type class uint8

const (
	classSimple  class = iota // params and results
	classAccess               // access to a memory
	classMemory               // other memory instructions; the address type is in the signature
	classLane                 // one lane
	classShuffle              // 16 lanes
	classSpecial              // has its own function
)

var checks = func() *[opLimit]check {
	list := new([opLimit]check)
	for op, info := range Ops() {
		list[op] = newCheck(info)
	}
	return list
}()

var sigTypes = [...]vt{'i': vtI32, 'I': vtI64, 'f': vtF32, 'F': vtF64, 'v': vtV128, 'a': vtAddr}

func newCheck(info *OpInfo) check {
	c := check{class: classSpecial, constant: info.Const}
	if info.Feature != 0 {
		c.need = feature.Set(1) << info.Feature
	}
	params, results, ok := strings.Cut(info.Sig, ":")
	if !ok || info.Imm == ImmData || info.Imm == ImmElem || info.Imm == ImmDataMemory {
		return c
	}
	for _, b := range params {
		c.params = append(c.params, sigTypes[b])
	}
	for _, b := range results {
		c.results = append(c.results, sigTypes[b])
	}
	c.floats = info.Feature == 0 && strings.ContainsAny(info.Sig, "fF") || info.Feature == feature.SaturatingFloatToInt
	switch info.Imm {
	case ImmMemArg, ImmMemArgLane:
		c.class = classAccess
		c.atomic = info.Feature == feature.Threads
	case ImmMemory:
		c.class = classMemory
	case ImmLane:
		c.class = classLane
	case ImmShuffle:
		c.class = classShuffle
	default:
		c.class = classSimple
	}
	for prefix, lanes := range map[string]uint8{"i8x16.": 16, "i16x8.": 8, "i32x4.": 4, "f32x4.": 4, "i64x2.": 2, "f64x2.": 2} {
		if strings.HasPrefix(info.Name, prefix) {
			c.lanes = lanes
		}
	}
	if info.Imm == ImmMemArgLane {
		c.lanes = 16 >> info.Align
	}
	return c
}

func newBody(v *validator) *body {
	b := &body{v: v}
	b.r.restrict(v.features)
	return b
}

func (b *body) reset() {
	b.ops, b.frames, b.locals, b.runs, b.inits = b.ops[:0], b.frames[:0], b.locals[:0], b.runs[:0], b.inits[:0]
	b.height, b.numLocals, b.firstNoDefault = 0, 0, noDefault
	b.shared, b.isConst, b.err = false, false, nil
}

// function validates a function that the module defines.
func (b *body) function(i int, span Span) *Error {
	b.reset()
	b.index = i + b.v.importedFuncs
	b.section = SectionCode
	if n := span.End - span.Start; n > maxFunctionSize {
		b.failAt(span.Start, "function body size count exceeds limit of %d", maxFunctionSize)
		return b.err
	}
	d := &b.v.defs[b.v.funcs[b.index]]
	b.shared = d.shared
	for _, t := range d.params {
		b.addLocals(1, t)
	}
	b.firstNoDefault = noDefault // parameters are always set
	code := b.v.m.data[span.Start:span.End]
	r := raw.NewReader(code, 0, len(code))
	b.readLocals(r, span.Start)
	if err := r.Err(); err != nil && b.err == nil {
		b.failAt(span.Start+err.Offset, "%s", err.Message)
		b.err.Invalid = false
	}
	if b.err == nil {
		b.push(frameBlock, nil, d.results)
		b.r.reset(code[r.Pos():], span.Start+r.Pos(), SectionCode)
		b.run()
	}
	return b.err
}

func (b *body) readLocals(r *raw.Reader, base int) {
	for range r.Count() {
		at := base + r.Pos()
		l := readLocal(r)
		if !r.OK() {
			return
		}
		t, msg := b.v.val(l.Type, b.v.features)
		if msg != "" {
			b.failAt(at, "%s", msg)
			return
		}
		if l.Count > maxLocals || b.numLocals+l.Count > maxLocals {
			b.failAt(at, "too many locals: locals exceed maximum")
			return
		}
		b.addLocals(l.Count, t)
	}
	if b.firstNoDefault == noDefault {
		return
	}
	n := int(b.numLocals - b.firstNoDefault)
	if cap(b.initialized) < n {
		b.initialized = make([]bool, n)
	}
	b.initialized = b.initialized[:n]
	clear(b.initialized)
	start := b.firstNoDefault
	for _, run := range b.runs {
		for ; start < run.end; start++ {
			b.initialized[start-b.firstNoDefault] = run.t.defaultable()
		}
	}
}

func (b *body) addLocals(n uint32, t vt) {
	if n == 0 {
		return
	}
	if !t.defaultable() && b.firstNoDefault == noDefault {
		b.firstNoDefault = b.numLocals
	}
	b.numLocals += n
	b.runs = append(b.runs, localRun{b.numLocals, t})
	for ; n > 0 && len(b.locals) < maxFlatLocals; n-- {
		b.locals = append(b.locals, t)
	}
}

// local returns the type of a local.
func (b *body) local(i uint32) (vt, bool) {
	if int64(i) < int64(len(b.locals)) {
		return b.locals[i], true
	}
	if i >= b.numLocals {
		b.fail("unknown local %d: local index out of bounds", i)
		return 0, false
	}
	k := sort.Search(len(b.runs), func(k int) bool { return i < b.runs[k].end })
	return b.runs[k].t, true
}

func (b *body) setLocal(i uint32) {
	if i >= b.firstNoDefault && !b.initialized[i-b.firstNoDefault] {
		b.initialized[i-b.firstNoDefault] = true
		b.inits = append(b.inits, i)
	}
}

func (b *body) failAt(offset int, format string, args ...any) {
	if b.err != nil {
		return
	}
	item := b.v.seg.name()
	if b.section == SectionCode {
		item = fmt.Sprintf("func %d", b.index)
	}
	b.err = &Error{Offset: offset, Message: fmt.Sprintf(format, args...), Section: b.section, InSection: true, Invalid: true, Item: item}
}

func (b *body) fail(format string, args ...any) { b.failAt(b.r.Offset(), format, args...) }

// run validates instructions up to the end of the outermost frame.
func (b *body) run() {
	for b.err == nil && len(b.frames) > 0 {
		if !b.r.Next(&b.in) {
			break
		}
		if b.step(&b.in); len(b.ops) > maxOperands {
			b.fail("operand stack exceeds limit of %d", maxOperands)
		}
		if b.operands != nil && b.err == nil {
			b.reportOperands()
		}
	}
	switch err := b.r.r.Err(); {
	case b.err != nil:
	case err != nil:
		b.failAt(b.r.base+err.Offset, "%s", err.Message)
		b.err.Invalid = false
	case len(b.frames) > 0:
		b.failAt(b.r.Pos(), "control frames remain at end of function body or expression")
	case b.r.r.Len() > 0:
		b.failAt(b.r.Pos(), "operators remaining after end of function body or expression")
	}
}

// reportOperands reports the types on the stack after an instruction.
func (b *body) reportOperands() {
	left := max(len(b.ops)-maxOperandsReported, 0)
	b.shown = b.shown[:0]
	for _, t := range b.ops[left:] {
		if t.isOpen() || t == vtBot {
			b.shown = append(b.shown, "?")
			continue
		}
		b.shown = append(b.shown, b.v.str(t))
	}
	b.operands(b.r.Offset(), b.shown, left)
}

func (b *body) step(in *Instr) {
	c := &checks[in.Op]
	if !b.v.features.HasAll(c.need) {
		b.missing(in.Op)
		return
	}
	if b.isConst && !b.checkConst(in, c) {
		return
	}
	if c.floats && !b.v.features.Has(feature.Floats) {
		b.fail("floating-point instruction disallowed")
		return
	}
	switch c.class {
	case classSpecial:
		b.special(in)
		return
	case classAccess:
		b.access(in, c)
		return
	case classMemory:
		if addr, ok := b.memory(in.X); ok {
			b.apply(c, addr)
		}
		return
	case classLane:
		if in.Lane >= c.lanes {
			b.fail("SIMD index out of bounds")
		}
	case classShuffle:
		for _, l := range in.Bytes {
			if l >= 32 {
				b.fail("SIMD index out of bounds")
			}
		}
	}
	for i := len(c.params) - 1; i >= 0; i-- {
		b.pop(c.params[i])
	}
	b.ops = append(b.ops, c.results...)
}

// apply pops and pushes the types of a signature, with addr in place of vtAddr.
func (b *body) apply(c *check, addr vt) {
	for i := len(c.params) - 1; i >= 0; i-- {
		t := c.params[i]
		if t == vtAddr {
			t = addr
		}
		b.pop(t)
	}
	for _, t := range c.results {
		if t == vtAddr {
			t = addr
		}
		b.ops = append(b.ops, t)
	}
}

// access validates a load or store.
func (b *body) access(in *Instr, c *check) {
	natural := opTable[in.Op].Align
	if c.atomic && in.Align != natural {
		b.fail("atomic instructions must always specify maximum alignment")
		return
	}
	addr, ok := b.memory(in.X)
	switch {
	case !ok:
	case in.Align > natural:
		b.fail("invalid memop alignment: alignment must not be larger than natural")
	case addr == vtI32 && in.Offset > 1<<32-1:
		b.fail("offset out of range: must be <= 2**32")
	case c.lanes > 0 && in.Lane >= c.lanes && opTable[in.Op].Imm == ImmMemArgLane:
		b.fail("SIMD index out of bounds")
	default:
		b.apply(c, addr)
	}
}

// memory returns the address type of a memory.
func (b *body) memory(i uint32) (vt, bool) {
	if int64(i) >= int64(len(b.v.memories)) {
		b.fail("unknown memory %d", i)
		return 0, false
	}
	return b.v.memories[i], true
}

// featureWords holds the names of features in messages.
var featureWords = map[feature.Feature]string{
	feature.SIMD: "SIMD", feature.RelaxedSIMD: "relaxed SIMD", feature.Threads: "threads",
	feature.SharedEverythingThreads: "shared-everything-threads", feature.SaturatingFloatToInt: "saturating float to int conversions",
	feature.ReferenceTypes: "reference types", feature.BulkMemory: "bulk memory", feature.BulkMemoryOpt: "bulk memory",
	feature.SignExtension: "sign extension operations", feature.Exceptions: "exceptions", feature.TailCall: "tail calls",
	feature.FunctionReferences: "function references", feature.MemoryControl: "memory control", feature.GC: "gc",
	feature.LegacyExceptions: "legacy exceptions", feature.StackSwitching: "stack switching", feature.WideArithmetic: "wide arithmetic",
}

func (b *body) missing(op Op) {
	f := opTable[op].Feature
	if op == OpCatch || op == OpCatchAll {
		b.fail("legacy_exceptions feature required for %v instruction", op)
		return
	}
	b.fail("%s support is not enabled: `%v` %s", featureWords[f], op, f.Needed())
}

// pop pops an operand of type want and returns its actual type.
func (b *body) pop(want vt) vt {
	if n := len(b.ops); n > b.height {
		if t := b.ops[n-1]; t == want {
			b.ops = b.ops[:n-1]
			return t
		}
	}
	return b.popSlow(want)
}

func (b *body) popSlow(want vt) vt {
	n := len(b.ops)
	if n == b.height {
		if !b.frames[len(b.frames)-1].unreachable {
			b.fail("type mismatch: expected %s but nothing on stack", b.v.str(want))
		}
		return vtBot
	}
	t := b.ops[n-1]
	b.ops = b.ops[:n-1]
	switch {
	case b.v.subtype(t, want):
	case t.isOpen() && !want.isRef():
		b.fail("type mismatch: expected %s, found heap type", b.v.str(want))
	default:
		b.mismatch(want, t)
	}
	return t
}

// mismatch fails because of the type of an operand. As elsewhere, the message calls a defined type
// $type. Its index follows at the end.
func (b *body) mismatch(want, got vt) {
	if got.isOpen() {
		got = withShared(got, b.v.shared(want))
	}
	text := func(t vt) string {
		switch {
		case !t.isDef():
			return b.v.str(t)
		case t&vtNull != 0:
			return "(ref null $type)"
		default:
			return "(ref $type)"
		}
	}
	note := ""
	switch {
	case want.isDef() && got.isDef():
		note = fmt.Sprintf(": types %d and %d", b.v.defs[want.def()].index, b.v.defs[got.def()].index)
	case want.isDef():
		note = fmt.Sprintf(": $type is type %d", b.v.defs[want.def()].index)
	case got.isDef():
		note = fmt.Sprintf(": $type is type %d", b.v.defs[got.def()].index)
	}
	b.fail("type mismatch: expected %s, found %s%s", text(want), text(got), note)
}

// popAny pops an operand of any type.
func (b *body) popAny() vt {
	n := len(b.ops)
	if n == b.height {
		if !b.frames[len(b.frames)-1].unreachable {
			b.fail("type mismatch: expected a type but nothing on stack")
		}
		return vtBot
	}
	t := b.ops[n-1]
	b.ops = b.ops[:n-1]
	return t
}

// popRef pops a reference. If the operand is unknown, the result is an open reference.
func (b *body) popRef() vt {
	t := b.popAny()
	switch {
	case t == vtBot:
		return vtRef | vtOpen
	case !t.isRef():
		b.fail("type mismatch: expected ref but found %s", b.v.str(t))
		return vtRef | vtOpen
	}
	return t
}

// popShareable pops a nullable reference of an abstract heap type, shared or not.
func (b *body) popShareable(h types.Heap) vt {
	t := b.popRef()
	switch {
	case b.err != nil:
	case t.isOpen():
		if t.heap() != 0 && !t.heap().Sub(h) {
			b.fail("type mismatch: expected subtype of %v, found %v", h, t.heap())
		}
	default:
		if want := withShared(nullable(h), b.v.shared(t)); !b.v.subtype(t, want) {
			b.fail("type mismatch: expected subtype of %s, found %s", b.v.str(want), b.v.str(t))
		}
	}
	return t
}

func (b *body) popList(list []vt) {
	for i := len(list) - 1; i >= 0; i-- {
		b.pop(list[i])
	}
}

func (b *body) pushOp(t vt) { b.ops = append(b.ops, t) }

func (b *body) push(kind frameKind, params, results []vt) {
	if len(b.frames) == maxFrames {
		b.fail("nesting of blocks exceeds limit of %d", maxFrames)
		return
	}
	b.height = len(b.ops)
	b.frames = append(b.frames, frame{kind: kind, height: b.height, inits: len(b.inits), params: params, results: results})
	b.ops = append(b.ops, params...)
}

// leave checks and pops the results of the innermost frame, and removes the frame.
func (b *body) leave() frame {
	f := b.frames[len(b.frames)-1]
	b.popList(f.results)
	if len(b.ops) != f.height {
		b.fail("type mismatch: values remaining on stack at end of block")
		b.ops = b.ops[:f.height]
	}
	for _, i := range b.inits[f.inits:] {
		b.initialized[i-b.firstNoDefault] = false
	}
	b.inits = b.inits[:f.inits]
	b.frames = b.frames[:len(b.frames)-1]
	b.height = 0
	if n := len(b.frames); n > 0 {
		b.height = b.frames[n-1].height
	}
	return f
}

// unreachable marks the rest of the innermost frame as unreachable code.
func (b *body) unreachable() {
	b.frames[len(b.frames)-1].unreachable = true
	b.ops = b.ops[:b.height]
}

// label returns the types that a branch takes.
func (b *body) label(depth uint32) []vt {
	if int64(depth) >= int64(len(b.frames)) {
		b.fail("unknown label: branch depth too large")
		return nil
	}
	return b.frames[len(b.frames)-1-int(depth)].label()
}

// retype pops a list and pushes it again, which is the effect of a conditional branch that is not
// taken.
func (b *body) retype(list []vt) {
	b.popList(list)
	b.ops = append(b.ops, list...)
}

// recheck pops a list and pushes the original operands again.
func (b *body) recheck(list []vt) {
	b.popped = b.popped[:0]
	for i := len(list) - 1; i >= 0; i-- {
		b.popped = append(b.popped, b.pop(list[i]))
	}
	for i := len(b.popped) - 1; i >= 0; i-- {
		b.ops = append(b.ops, b.popped[i])
	}
}

// constExpr validates a constant expression with a result of type want.
func (v *validator) constExpr(id SectionID, x Expr, want vt) {
	if v.err != nil {
		return
	}
	if v.consts == nil {
		v.consts = newBody(v)
	}
	b := v.consts
	b.reset()
	b.isConst, b.section = true, id
	b.push(frameBlock, nil, single(want))
	b.r.reset(x.Bytes, x.Start, id)
	b.run()
	v.err = b.err
}

// checkConst checks that an instruction may occur in a constant expression.
func (b *body) checkConst(in *Instr, c *check) bool {
	set := b.v.features
	ok := in.Op == OpEnd
	switch c.constant {
	case ConstBase:
		ok = true
	case ConstExtended:
		ok = set.Has(feature.ExtendedConst)
	case ConstGC:
		ok = set.Has(feature.GC)
	}
	if !ok {
		b.fail("constant expression required: non-constant operator: %v", in.Op)
		return false
	}
	switch in.Op {
	case OpRefFunc:
		// Data segments follow the code, and everything that code refers to must be declared before it.
		if int64(in.X) < int64(len(b.v.declared)) && b.section != SectionData {
			b.v.declared[in.X] = true
		}
	case OpGlobalGet:
		if int64(in.X) >= int64(len(b.v.globals)) {
			b.fail("unknown global %d: global index out of bounds", in.X)
			return false
		}
		switch {
		case int(in.X) >= b.v.importedGlobals && !set.Has(feature.GC):
			b.fail("constant expression required: global.get of locally defined global")
			return false
		case b.v.globals[in.X].mutable:
			b.fail("constant expression required: global.get of mutable global")
			return false
		}
	}
	return true
}
