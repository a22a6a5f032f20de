package canon

import "github.com/mortise-wasm/mortise/model/value"

func (c *Context) resource(t *Type) *ResourceType { return c.Inst.Store.Resources[t.slot] }

// takeOwn removes an owned handle from the table.
func (c *Context) takeOwn(t *Type, i uint32) *ResourceHandle {
	h := c.Inst.handle(i, c.resource(t))
	if h.numLends != 0 {
		Trapf("cannot remove owned resource while borrowed")
	}
	if !h.Own {
		Trapf("cannot lift own resource from a borrow")
	}
	c.Inst.Handles.Remove(i)
	return h
}

func (c *Context) liftOwn(t *Type, i uint32) value.Value { return value.Own(c.takeOwn(t, i).Handle()) }

// lend returns a handle, which is lent until the subtask is resolved.
func (c *Context) lend(t *Type, i uint32) *ResourceHandle {
	h := c.Inst.handle(i, c.resource(t))
	c.Subtask.addLender(h)
	return h
}

func (c *Context) liftBorrow(t *Type, i uint32) value.Value {
	return value.Borrow(c.lend(t, i).Handle())
}

// liftBorrows lifts a list of n borrowed handles, whose indices are in m. The subtask and the value
// share the slice of the handles.
func (c *Context) liftBorrows(t *Type, m []byte, n uint32) value.Value {
	rt := c.resource(t)
	hs := loadSlice(m, 4, n, func(m []byte) *ResourceHandle {
		h := c.Inst.handle(loadInt(m, 4), rt)
		h.numLends++
		return h
	})
	c.Subtask.lenderLists = append(c.Subtask.lenderLists, hs)
	return value.PackedBorrows(hs)
}

// checkResource traps unless a handle is of type t.
func (c *Context) checkResource(t *Type, h *ResourceHandle) {
	if rt := c.resource(t); h.Type != rt {
		wrongResource(rt)
	}
}

func wrongResource(rt *ResourceType) {
	Trapf("a value passed as resource `%s` is of another type", rt.Name)
}

// newHandle returns a handle for a lifted value.
func newHandle(rt *ResourceType, v any) *ResourceHandle {
	if rt.Impl == nil {
		return &ResourceHandle{Resource: Resource{Type: rt}, Host: v}
	}
	r, ok := v.(*Resource)
	if !ok || r.Type != rt {
		wrongResource(rt)
	}
	if r.Dropped() {
		Trapf("resource `%s` was dropped or given away before", rt.Name)
	}
	return &ResourceHandle{Resource: Resource{Type: rt, Rep: r.Rep}}
}

func (c *Context) lowerOwn(t *Type, v value.Value) uint32 {
	h := newHandle(c.resource(t), v.Handle())
	h.Own = true
	if r, ok := v.Handle().(*Resource); ok && h.Type.Impl != nil {
		if r.lends > 0 {
			Trapf("cannot remove owned resource while borrowed")
		}
		r.Give()
	}
	return c.Inst.Handles.Add(h)
}

// lowerBorrow lowers a borrowed handle. The instance that defines the resource receives the
// representation itself.
func (c *Context) lowerBorrow(t *Type, v value.Value) uint32 {
	h := newHandle(c.resource(t), v.Handle())
	if r, ok := v.Handle().(*Resource); ok && h.Type.Impl != nil {
		r.lends++
		c.lent = append(c.lent, r)
	}
	if h.Type.Impl == c.Inst {
		return h.Rep
	}
	return c.addBorrow(h)
}

// addBorrow adds a borrowed handle, which is not in a table yet.
func (c *Context) addBorrow(h *ResourceHandle) uint32 {
	h.borrowScope = c.Task
	c.Task.numBorrows++
	return c.Inst.Handles.Add(h)
}

// ReturnLent ends the loan of the resources that lowering has lent. Call it when the call returns.
func (c *Context) ReturnLent() {
	for i, r := range c.lent {
		r.lends--
		c.lent[i] = nil
	}
	c.lent = c.lent[:0]
}
