package profile

import (
	"compress/gzip"
	"encoding/binary"
	"io"
	"time"
)

// The fields of the messages in profile.proto of github.com/google/pprof.
const (
	profileSampleType    = 1
	profileSample        = 2
	profileLocation      = 4
	profileFunction      = 5
	profileStringTable   = 6
	profileTimeNanos     = 9
	profileDurationNanos = 10
	profilePeriodType    = 11
	profilePeriod        = 12
	profileDefaultType   = 14

	valueTypeType = 1
	valueTypeUnit = 2

	sampleLocation = 1
	sampleValue    = 2

	locationID   = 1
	locationLine = 4

	lineFunction = 1

	functionID   = 1
	functionName = 2
	functionFile = 4
)

// message is an encoded protocol buffer message.
type message []byte

func (m message) uint(field int, v uint64) message {
	if v == 0 {
		return m
	}
	m = binary.AppendUvarint(m, uint64(field)<<3)
	return binary.AppendUvarint(m, v)
}

func (m message) bytes(field int, b []byte) message {
	m = binary.AppendUvarint(m, uint64(field)<<3|2)
	return append(binary.AppendUvarint(m, uint64(len(b))), b...)
}

func (m message) packed(field int, vs []uint64) message {
	var b []byte
	for _, v := range vs {
		b = binary.AppendUvarint(b, v)
	}
	return m.bytes(field, b)
}

// valueTypes are the kinds of values of a sample, with their units.
var valueTypes = [...][2]string{{"calls", "count"}, {"bytes", "bytes"}, {"time", "nanoseconds"}, {"samples", "count"}, {"cpu", "nanoseconds"}}

// encoder writes a profile.
type encoder struct {
	out       message
	strings   map[string]uint64
	table     []string
	functions map[function]uint64
}

func (e *encoder) str(s string) uint64 {
	i, ok := e.strings[s]
	if !ok {
		i = uint64(len(e.table))
		e.strings[s] = i
		e.table = append(e.table, s)
	}
	return i
}

func (e *encoder) valueType(t [2]string) message {
	return message(nil).uint(valueTypeType, e.str(t[0])).uint(valueTypeUnit, e.str(t[1]))
}

// location returns the number of a function's location, which is also that of the function.
func (e *encoder) location(f function) uint64 {
	id, ok := e.functions[f]
	if ok {
		return id
	}
	id = uint64(len(e.functions) + 1)
	e.functions[f] = id
	fn := message(nil).uint(functionID, id).uint(functionName, e.str(f.name)).uint(functionFile, e.str(f.file))
	e.out = e.out.bytes(profileFunction, fn)
	line := message(nil).uint(lineFunction, id)
	e.out = e.out.bytes(profileLocation, message(nil).uint(locationID, id).bytes(locationLine, line))
	return id
}

// tree writes the samples of a node and its descendants. stack are the locations around n.
func (e *encoder) tree(n *node, stack []uint64) {
	if n.parent != nil {
		stack = append([]uint64{e.location(n.function)}, stack...)
	}
	values := []uint64{n.calls, n.bytes, uint64(n.time), n.samples, uint64(n.cpu + n.ran)}
	for _, v := range values {
		if v != 0 {
			e.out = e.out.bytes(profileSample, message(nil).packed(sampleLocation, stack).packed(sampleValue, values))
			break
		}
	}
	for _, c := range n.order {
		e.tree(c, stack)
	}
}

// encode writes a profile, compressed with gzip.
func encode(w io.Writer, root *node, start time.Time, duration time.Duration) error {
	e := &encoder{strings: make(map[string]uint64), functions: make(map[function]uint64)}
	e.str("")
	for _, t := range valueTypes {
		e.out = e.out.bytes(profileSampleType, e.valueType(t))
	}
	e.tree(root, nil)
	cpu := valueTypes[len(valueTypes)-1]
	e.out = e.out.uint(profileTimeNanos, uint64(start.UnixNano())).uint(profileDurationNanos, uint64(duration)).
		bytes(profilePeriodType, e.valueType(cpu)).uint(profilePeriod, uint64(period))
	standard := "time"
	if root.sampled() {
		standard = cpu[0]
	}
	e.out = e.out.uint(profileDefaultType, e.str(standard))
	for _, s := range e.table {
		e.out = e.out.bytes(profileStringTable, []byte(s))
	}
	z := gzip.NewWriter(w)
	if _, err := z.Write(e.out); err != nil {
		return err
	}
	return z.Close()
}
