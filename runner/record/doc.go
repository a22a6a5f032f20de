// Package record writes down what passes between a component and its host, and replays it without a
// host.
//
// A recording is a file that holds the component and, in order, every call of an export, of an
// import and of a drop function, with values as WAVE text. It needs nothing else to be replayed: a
// component is deterministic but for what its host tells it. [Recorder] is a [runner.Observer] that
// writes a recording while a component runs. [Reader] reads one, and [Reader.Replay] runs the
// component again: it makes the recorded calls of exports, answers calls of imports with the
// recorded results, and reports the first call or value that deviates.
//
// # Format
//
// The file starts with the line "mortise recording 1". Frames follow:
//
//	kind    1 byte; the top bit says that the contents are compressed (DEFLATE)
//	size    the number of bytes of the contents, in LEB128; if compressed, twice: before and after
//	contents
//	sum     CRC-32 (IEEE) of kind and contents as stored, 4 bytes, little-endian
//
// The first frame is the header, the second the component. Each further frame is an [Event], and
// the last one ends the recording. The contents of a header or an event are fields of bytes, each
// preceded by its size in LEB128. A frame is written at once, so a recording can be read up to its
// last whole frame if the process that writes it dies.
package record
