package canon

import "github.com/mortise-wasm/mortise/model/value"

func (c *Context) resource(t *Type) *ResourceType { return c.Inst.Store.Resources[t.slot] }

// lift returns the Go value for a lifted handle.
func (h *ResourceHandle) lift() any {
	if h.Type.Impl == nil {
		return h.Host
	}
	return &Resource{Type: h.Type, Rep: h.Rep}
}

func (c *Context) liftOwn(t *Type, i uint32) value.Value {
	h := c.Inst.handle(i, c.resource(t))
	if h.numLends != 0 {
		Trapf("cannot remove owned resource while borrowed")
	}
	if !h.Own {
		Trapf("cannot lift own resource from a borrow")
	}
	c.Inst.Handles.Remove(i)
	return value.Own(h.lift())
}

func (c *Context) liftBorrow(t *Type, i uint32) value.Value {
	h := c.Inst.handle(i, c.resource(t))
	c.Subtask.addLender(h)
	return value.Borrow(h.lift())
}

// newHandle returns a handle for a lifted value.
func newHandle(rt *ResourceType, v any) *ResourceHandle {
	if rt.Impl == nil {
		return &ResourceHandle{Type: rt, Host: v}
	}
	r, ok := v.(*Resource)
	if !ok || r.Type != rt {
		Trapf("a value passed as resource `%s` is of another type", rt.Name)
	}
	if r.Dropped() {
		Trapf("resource `%s` was dropped or given away before", rt.Name)
	}
	return &ResourceHandle{Type: rt, Rep: r.Rep}
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
