package componentize

import (
	"strconv"
	"strings"

	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// builtins are the intrinsics that belong to no item of the world, by the text between the brackets
// of their names.
var builtins = map[string]struct {
	op      encoding.CanonOp
	sig     string
	strings abi.StringEncoding
	// async allows the prefix `[async-lower]`, which selects the asynchronous form.
	async bool
	// cancellable allows the prefix `[cancellable]`. It used to be an option; the built-ins no longer
	// have it.
	cancellable bool
}{
	"backpressure-inc":                         {op: encoding.OpBackpressureInc, sig: ":"},
	"backpressure-dec":                         {op: encoding.OpBackpressureDec, sig: ":"},
	"waitable-set-new":                         {op: encoding.OpWaitableSetNew, sig: ":i"},
	"waitable-set-wait":                        {op: encoding.OpWaitableSetWait, sig: "ii:i", cancellable: true},
	"waitable-set-wait-i32":                    {op: encoding.OpWaitableSetWait, sig: "ii:i", cancellable: true},
	"waitable-set-wait-i64":                    {op: encoding.OpWaitableSetWait, sig: "iI:i", cancellable: true},
	"waitable-set-poll":                        {op: encoding.OpWaitableSetPoll, sig: "ii:i", cancellable: true},
	"waitable-set-poll-i32":                    {op: encoding.OpWaitableSetPoll, sig: "ii:i", cancellable: true},
	"waitable-set-poll-i64":                    {op: encoding.OpWaitableSetPoll, sig: "iI:i", cancellable: true},
	"waitable-set-drop":                        {op: encoding.OpWaitableSetDrop, sig: "i:"},
	"waitable-join":                            {op: encoding.OpWaitableJoin, sig: "ii:"},
	"subtask-drop":                             {op: encoding.OpSubtaskDrop, sig: "i:"},
	"subtask-cancel":                           {op: encoding.OpSubtaskCancel, sig: "i:i", async: true},
	"error-context-new-utf8":                   {op: encoding.OpErrorContextNew, sig: "ii:i", strings: abi.UTF8},
	"error-context-new-utf16":                  {op: encoding.OpErrorContextNew, sig: "ii:i", strings: abi.UTF16},
	"error-context-new-latin1+utf16":           {op: encoding.OpErrorContextNew, sig: "ii:i", strings: abi.Latin1UTF16},
	"error-context-debug-message-utf8":         {op: encoding.OpErrorContextDebugMessage, sig: "ii:", strings: abi.UTF8},
	"error-context-debug-message-utf16":        {op: encoding.OpErrorContextDebugMessage, sig: "ii:", strings: abi.UTF16},
	"error-context-debug-message-latin1+utf16": {op: encoding.OpErrorContextDebugMessage, sig: "ii:", strings: abi.Latin1UTF16},
	"error-context-drop":                       {op: encoding.OpErrorContextDrop, sig: "i:"},
	"thread-index":                             {op: encoding.OpThreadIndex, sig: ":i"},
	"thread-new-indirect-v0":                   {op: encoding.OpThreadNewIndirect, sig: "ii:i"},
	"thread-resume-later":                      {op: encoding.OpThreadResumeLater, sig: "i:"},
	"thread-suspend":                           {op: encoding.OpThreadSuspend, sig: ":i", cancellable: true},
	"thread-yield":                             {op: encoding.OpThreadYield, sig: ":i", cancellable: true},
	"thread-suspend-then-resume":               {op: encoding.OpThreadSuspendThenResume, sig: "i:i", cancellable: true},
	"thread-yield-then-resume":                 {op: encoding.OpThreadYieldThenResume, sig: "i:i", cancellable: true},
	"thread-suspend-then-promote":              {op: encoding.OpThreadSuspendThenPromote, sig: "i:i", cancellable: true},
	"thread-yield-then-promote":                {op: encoding.OpThreadYieldThenPromote, sig: "i:i", cancellable: true},
}

// builtin resolves an intrinsic with a legacy name that belongs to no item of the world. The result
// done reports whether the name is one of these.
func (c *classifier) builtin(x *coreImport, field string, ft core.FuncType) (done, ok bool) {
	rest, async := strings.CutPrefix(field, asyncLower)
	rest, cancellable := strings.CutPrefix(rest, "[cancellable]")
	inner, closed := strings.CutSuffix(rest, "]")
	inner, opened := strings.CutPrefix(inner, "[")
	if !closed || !opened {
		return false, false
	}
	var found *builtinImport
	b, known := builtins[inner]
	switch {
	case known && (!async || b.async) && (!cancellable || b.cancellable):
		found = &builtinImport{op: b.op, strings: b.strings, async: async, sig: sig.Of(b.sig)}
	case !async && !cancellable:
		found = contextIntrinsic(inner)
	}
	if found == nil {
		return false, false
	}
	x.meaning = found
	c.want(field, found.sig, ft)
	return true, true
}

// contextIntrinsic returns the intrinsic of a name such as `context-get-0` or `context-set-i64-1`,
// or nil for other names.
func contextIntrinsic(inner string) *builtinImport {
	rest, set := strings.CutPrefix(inner, "context-set-")
	if !set {
		var get bool
		if rest, get = strings.CutPrefix(inner, "context-get-"); !get {
			return nil
		}
	}
	val := core.I32
	if r, ok := strings.CutPrefix(rest, "i64-"); ok {
		rest, val = r, core.I64
	} else if r, ok := strings.CutPrefix(rest, "i32-"); ok {
		rest = r
	}
	slot, err := strconv.ParseUint(rest, 10, 32)
	if err != nil {
		return nil
	}
	b := &builtinImport{op: contextOp(set), val: val, slot: uint32(slot), sig: core.FuncType{Results: []core.ValType{val}}}
	if set {
		b.sig.Params, b.sig.Results = b.sig.Results, nil
	}
	return b
}

// intrinsic resolves an intrinsic of a resource, function, stream or future. It belongs to
// interface i of the world, or to the world itself if i is nil. It returns false if field does not
// name an intrinsic. A name with the prefix `[task-return]` whose function the world lacks is
// reported.
func (c *classifier) intrinsic(x *coreImport, n Names, i *wit.WorldItem, field string, ft core.FuncType, imported bool) bool {
	if c.resourceIntrinsic(x, n, i, field, ft, imported) {
		return true
	}
	if n != LegacyNames {
		return false
	}
	if !imported {
		if label, ok := strings.CutPrefix(field, taskReturn); ok {
			c.taskReturn(x, i, label, ft)
			return true
		}
		if field == "[task-cancel]" {
			x.meaning = &builtinImport{op: encoding.OpTaskCancel}
			c.want(field, core.FuncType{}, ft)
			return true
		}
	}
	return c.streamIntrinsic(x, i, field, ft, imported)
}

// resourceIntrinsic resolves the three intrinsics of resources. Imported resources have only the
// first.
func (c *classifier) resourceIntrinsic(x *coreImport, n Names, i *wit.WorldItem, field string, ft core.FuncType, imported bool) bool {
	for _, op := range []struct {
		what, sig string
		op        encoding.CanonOp
	}{{"drop", "i:", encoding.OpResourceDrop}, {"new", "i:i", encoding.OpResourceNew}, {"rep", "i:i", encoding.OpResourceRep}} {
		label, ok := strings.CutPrefix(field, "[resource-"+op.what+"]")
		if n != LegacyNames {
			label, ok = strings.CutSuffix(field, "_"+op.what)
		}
		if !ok || imported && op.what != "drop" {
			continue
		}
		r := c.resource(i, label)
		if r == nil {
			continue
		}
		name := field
		if op.what != "drop" {
			name = label
		}
		c.want(name, sig.Of(op.sig), ft)
		x.meaning = &resourceImport{resource: r, op: op.op}
		if imported {
			x.meaning = &dropImport{resource: r}
		}
		return true
	}
	return false
}

// resource returns the resource of that name in an interface, or in the world itself if i is nil.
// It returns nil if there is none.
func (c *classifier) resource(i *wit.WorldItem, label string) *wit.TypeDef {
	if i == nil {
		if i := c.p.world.Import(label); i != nil && i.Type != nil && isResource(i.Type) {
			return i.Type
		}
		return nil
	}
	if t := i.Interface.Type(label); t != nil && isResource(t) {
		return t
	}
	return nil
}

// function returns a function of an interface, or of the world itself if i is nil.
func (c *classifier) function(i *wit.WorldItem, label string, imported bool) (*wit.WorldItem, *wit.Func) {
	if i != nil {
		return i, i.Interface.Func(label)
	}
	items := c.p.world.Exports
	if imported {
		items = c.p.world.Imports
	}
	for _, i := range items {
		if i.Name == label && i.Func != nil {
			return i, i.Func
		}
	}
	return nil, nil
}

func (c *classifier) taskReturn(x *coreImport, i *wit.WorldItem, label string, ft core.FuncType) {
	home, f := c.function(i, label, false)
	if f == nil {
		c.errorf(CodeBadImport, "no export `%s` found", label)
		return
	}
	want := taskReturnType(f)
	if d := c.want(taskReturn+label, want, ft); d != nil {
		d.Labelf(f.Span, "`%s` is defined here", f.Label())
	}
	x.meaning = &taskReturnImport{home, f}
}

// streamOps are the intrinsics of streams and futures. Those that copy elements have one parameter
// less for futures.
var streamOps = []struct {
	name, sig      string
	stream, future encoding.CanonOp
	async          bool
}{
	{"new", ":I", encoding.OpStreamNew, encoding.OpFutureNew, false},
	{"write", "iii:i", encoding.OpStreamWrite, encoding.OpFutureWrite, true},
	{"read", "iii:i", encoding.OpStreamRead, encoding.OpFutureRead, true},
	{"cancel-write", "i:i", encoding.OpStreamCancelWrite, encoding.OpFutureCancelWrite, true},
	{"cancel-read", "i:i", encoding.OpStreamCancelRead, encoding.OpFutureCancelRead, true},
	{"drop-writable", "i:", encoding.OpStreamDropWritable, encoding.OpFutureDropWritable, false},
	{"drop-readable", "i:", encoding.OpStreamDropReadable, encoding.OpFutureDropReadable, false},
}

// streamIntrinsic resolves names such as `[stream-read-0]f`, with or without `[async-lower]`.
func (c *classifier) streamIntrinsic(x *coreImport, i *wit.WorldItem, field string, ft core.FuncType, imported bool) bool {
	rest, async := strings.CutPrefix(field, asyncLower)
	for _, future := range []bool{false, true} {
		kind := "[stream-"
		if future {
			kind = "[future-"
		}
		inner, ok := strings.CutPrefix(rest, kind)
		if !ok {
			continue
		}
		inner, label, ok := strings.Cut(inner, "]")
		if !ok {
			return false
		}
		for _, op := range streamOps {
			number, ok := strings.CutPrefix(inner, op.name+"-")
			if !ok || async && !op.async {
				continue
			}
			p := c.payload(i, number, label, future, imported)
			if p == nil {
				return false
			}
			p.name = rest
			s, code := op.sig, op.stream
			if future {
				s, code = strings.Replace(s, "iii", "ii", 1), op.future
			}
			c.want(field, sig.Of(s), ft)
			x.meaning = &channelImport{code, async, p}
			return true
		}
	}
	return false
}

// payload returns the type that the number in the name of an intrinsic stands for, or nil.
func (c *classifier) payload(i *wit.WorldItem, number, label string, future, imported bool) *channel {
	p := &channel{item: i, imported: imported, unit: &types.Stream{}}
	if future {
		p.unit = &types.Future{}
	}
	if number == "unit" {
		return p
	}
	n, err := strconv.ParseUint(number, 10, 32)
	home, f := c.function(i, label, imported)
	if err != nil || f == nil {
		return nil
	}
	list := streams(f)
	if n >= uint64(len(list)) {
		return nil
	}
	p.typ, p.fn = list[n], f
	if i == nil {
		p.item = home
	}
	return p
}
