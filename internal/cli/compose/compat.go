package compose

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/model/feature"
)

// A compatKey is a key of wasmtime's -S or -W groups.
type compatKey struct {
	name string
	// doc is the description in the list of the key `help`. It is empty for a key that is not
	// supported yet.
	doc string
	// apply sets the option. v is the value, or "y" if none was given.
	apply func(o *runOptions, v string) error
}

// wasiKeys are the keys of -S. Keys for what is always granted do nothing.
var wasiKeys = []compatKey{
	{"cli", "offer wasi:cli (always on)", onlyYes},
	{"common", "the old name of cli", onlyYes},
	{"preview2", "offer WASI 0.2 (always on)", onlyYes},
	{"inherit-env", "pass on the whole environment", func(o *runOptions, v string) (err error) { o.inheritEnv, err = yes(v); return err }},
	{"inherit-stdin", "pass on standard input (always on)", onlyYes},
	{"inherit-stdout", "pass on standard output (always on)", onlyYes},
	{"inherit-stderr", "pass on standard error (always on)", onlyYes},
	notYet("http", "it needs wasi:http, which is not offered"),
	notYet("p3", "it needs WASI 0.3 and asynchronous calls, which cannot be run"),
	notYet("inherit-network", noSockets),
	notYet("allow-ip-name-lookup", noSockets),
	notYet("tcp", noSockets),
	notYet("udp", noSockets),
	notYet("tcplisten", noSockets),
	notYet("listenfd", noSockets),
	notYet("network-error-code", "it needs the 0.2.2 error codes of wasi:sockets, which refuses every call here"),
	notYet("tls", "it needs wasi:tls, which is not offered"),
	notYet("config", "it needs wasi:config, which is not offered"),
	notYet("config-var", "it needs wasi:config, which is not offered"),
	notYet("keyvalue", "it needs wasi:keyvalue, which is not offered"),
	notYet("keyvalue-in-memory-data", "it needs wasi:keyvalue, which is not offered"),
	notYet("nn", "it needs wasi-nn, which is not offered"),
	notYet("nn-graph", "it needs wasi-nn, which is not offered"),
	notYet("threads", "it needs threads, which the engine does not have"),
}

const noSockets = "it needs sockets; the interfaces of wasi:sockets are offered, but refuse every call"

// wasmKeys are the keys of -W, except those that name features.
var wasmKeys = []compatKey{
	{"timeout=DURATION", "stop the guest after a time, as --timeout does", func(o *runOptions, v string) error { return (*durationFlag)(&o.timeout).Set(v) }},
	{"max-memory-size=BYTES", "limit the memory, as --max-memory does", func(o *runOptions, v string) (err error) { o.limits.MaxMemory, err = parseBytes(v); return err }},
	{"fuel=N", "limit the work of the guest, as --fuel does", func(o *runOptions, v string) error { return setLimit(&o.limits, "fuel", v) }},
	{"max-table-elements=N", "limit the tables, as --limit table-elements does", func(o *runOptions, v string) error { return setLimit(&o.limits, "table-elements", v) }},
	{"max-instances=N", "limit the instances, as --limit core-instances does", func(o *runOptions, v string) error { return setLimit(&o.limits, "core-instances", v) }},
	{"unknown-imports-trap", "make unsatisfied imports trap, as --unknown-imports=trap does", func(o *runOptions, v string) error {
		on, err := yes(v)
		if on {
			o.unknown = "trap"
		}
		return err
	}},
	{"component-model", "run components (always on)", onlyYes},
	notYet("epoch-interruption", "use --timeout to stop a guest"),
	notYet("unknown-imports-default", "it needs a default value for each type; --unknown-imports=trap makes such imports trap"),
	notYet("unknown-exports-allow", "it only concerns modules for WASI preview 1"),
	notYet("max-wasm-stack", stackLimit),
	notYet("async-stack-size", stackLimit),
	notYet("max-tables", noLimit),
	notYet("max-memories", noLimit),
	notYet("trap-on-grow-failure", "memory.grow returns -1 as the specification says"),
	notYet("nan-canonicalization", "the engine does not canonicalize NaNs"),
	notYet("wmemcheck", "the engine has no such check"),
	notYet("all-proposals", "use --all-features"),
}

const (
	stackLimit = "the engine has its own limit for a single stack; --limit stack=N limits all that wait"
	noLimit    = "memories and tables are limited by their sizes, with --max-memory and --limit"
)

// notYet returns a key that wasmtime supports and this runner does not. Turning it off is allowed
// and does nothing.
func notYet(name, why string) compatKey {
	return compatKey{name: name, apply: func(_ *runOptions, v string) error {
		if on, err := yes(v); err == nil && !on {
			return nil
		}
		return notSupported{why}
	}}
}

// notSupported is the error for a known key that is not supported yet.
type notSupported struct{ why string }

func (e notSupported) Error() string { return "not supported yet: " + e.why }

func yes(v string) (bool, error) {
	switch v {
	case "y", "yes", "true", "on", "1":
		return true, nil
	case "n", "no", "false", "off", "0":
		return false, nil
	}
	return false, fmt.Errorf("`%s` is neither y nor n", v)
}

// onlyYes is the apply function of a key that cannot be turned off.
func onlyYes(_ *runOptions, v string) error {
	on, err := yes(v)
	if err == nil && !on {
		err = fmt.Errorf("it cannot be turned off")
	}
	return err
}

// compatible applies the keys of -S and -W.
func (o *runOptions) compatible() error {
	if err := o.applyKeys("-S", o.wasiKeys, wasiKeys, nil); err != nil {
		return err
	}
	return o.applyKeys("-W", o.wasmKeys, wasmKeys, o.featureKey)
}

// featureKey applies a key of -W that turns a feature on or off. It returns false if key is not the
// name of a feature.
func (o *runOptions) featureKey(key, v string) (bool, error) {
	if _, ok := feature.Lookup(key); !ok {
		return false, nil
	}
	on, err := yes(v)
	if !on {
		key = "-" + key
	}
	o.feats.Lists = append(o.feats.Lists, key)
	return true, err
}

func (o *runOptions) applyKeys(flag string, lists []string, known []compatKey, other func(k, v string) (bool, error)) error {
	for _, list := range lists {
		for kv := range strings.SplitSeq(list, ",") {
			k, v, ok := strings.Cut(kv, "=")
			if !ok {
				v = "y"
			}
			if err := o.applyKey(flag, k, v, known, other); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *runOptions) applyKey(flag, k, v string, known []compatKey, other func(k, v string) (bool, error)) error {
	i := slices.IndexFunc(known, func(c compatKey) bool { return c.key() == k })
	if i >= 0 {
		err := known[i].apply(o, v)
		var not notSupported
		switch {
		case errors.As(err, &not):
			return cli.Usagef("%s %s is %w", flag, k, err)
		case err != nil:
			return cli.Usagef("%s %s: %w", flag, k, err)
		}
		return nil
	}
	if other != nil {
		if ok, err := other(k, v); err != nil {
			return cli.Usagef("%s %s: %w", flag, k, err)
		} else if ok {
			return nil
		}
	}
	names := func(yield func(string) bool) {
		for _, c := range known {
			if !yield(c.key()) {
				return
			}
		}
	}
	var supported []string
	for _, c := range known {
		if c.doc != "" {
			supported = append(supported, c.key())
		}
	}
	more := ""
	if other != nil {
		more = ", and the names of features (see help features)"
	}
	err := cli.Usagef("%s: unknown key `%s`; known keys are %s%s", flag, k, strings.Join(supported, ", "), more)
	if similar, ok := diag.Suggest(k, names); ok {
		return cli.Hint(err, "a key with a similar name exists: %s", similar)
	}
	return err
}

// key returns the name without the placeholder of its value.
func (c compatKey) key() string {
	k, _, _ := strings.Cut(c.name, "=")
	return k
}

// helpKey is the key of -S and -W that lists the others.
const helpKey = "help"

// wantsKeys reports whether the command line asks for a list of the keys.
func (o *runOptions) wantsKeys() bool {
	has := func(lists []string) bool {
		return slices.ContainsFunc(lists, func(l string) bool { return slices.Contains(strings.Split(l, ","), helpKey) })
	}
	return has(o.wasiKeys) || has(o.wasmKeys)
}

// positional is [cli.Args], except that the list of keys needs no COMPONENT.
func (o *runOptions) positional(cmd *cobra.Command, args []string) error {
	if o.wantsKeys() {
		return nil
	}
	return cli.Args(cmd, args)
}

// listKeys writes the keys of -S and -W.
func (o *runOptions) listKeys(w io.Writer) error {
	var b strings.Builder
	list := func(title string, keys []compatKey) {
		fmt.Fprintf(&b, "%s\n", title)
		var later []string
		for _, k := range keys {
			if k.doc == "" {
				later = append(later, k.name)
				continue
			}
			fmt.Fprintf(&b, "  %-22s %s\n", k.name, k.doc)
		}
		slices.SortFunc(later, cmp.Compare)
		b.WriteString("not supported yet:\n")
		line := " "
		for _, k := range later {
			if len(line)+len(k) > 78 {
				fmt.Fprintf(&b, "%s\n", line)
				line = " "
			}
			line += " " + k
		}
		fmt.Fprintf(&b, "%s\n", line)
	}
	list("-S KEY[=y|n],...: what the guest may use", wasiKeys)
	b.WriteString("\n")
	list("-W KEY[=VALUE],...: limits, and features by name (see `compose help features`)", wasmKeys)
	_, err := io.WriteString(w, b.String())
	return err
}
