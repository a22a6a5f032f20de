package compose

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/runner"
)

// limits are the limits of the guest. 0 means the default.
type limits struct {
	runner.Limits
	open uint64 // files and folders
}

// defaultLimits are the limits unless flags set others. A process that runs one guest for its user
// can give it more memory than a server.
func defaultLimits() runner.Limits { return runner.Limits{MaxMemory: 4 << 30} }

// limitKey is a limit of the guest that a flag sets.
type limitKey struct {
	key    string // of --limit
	option string // of [runner.LimitError]
	field  func(l *limits) *uint64
	flag   string // how to raise the limit
}

var limitKeys = []limitKey{
	{"memory", "Limits.MaxMemory", func(l *limits) *uint64 { return &l.MaxMemory }, "--max-memory"},
	{"table-elements", "Limits.MaxTableElements", func(l *limits) *uint64 { return &l.MaxTableElements }, "--limit table-elements=N"},
	{"core-instances", "Limits.MaxCoreInstances", func(l *limits) *uint64 { return &l.MaxCoreInstances }, "--limit core-instances=N"},
	{"handles", "Limits.MaxHandles", func(l *limits) *uint64 { return &l.MaxHandles }, "--limit handles=N"},
	{"lifted", "Limits.MaxLifted", func(l *limits) *uint64 { return &l.MaxLifted }, "--limit lifted=N"},
	{"stack", "Limits.MaxStack", func(l *limits) *uint64 { return &l.MaxStack }, "--limit stack=N"},
	{"open", "wasi.Config.MaxOpen", func(l *limits) *uint64 { return &l.open }, "--limit open=N"},
	{"fuel", "Limits.Fuel", func(l *limits) *uint64 { return &l.Fuel }, "--fuel"},
}

// limitFlag is the value of --limit, which may be given several times.
type limitFlag struct{ limits *limits }

// String returns nothing: there is no default to show.
func (limitFlag) String() string { return "" }

// Type names the value in help.
func (limitFlag) Type() string { return "KEY=N" }

// Set sets the limits in a list of KEY=N.
func (f limitFlag) Set(s string) error {
	for kv := range strings.SplitSeq(s, ",") {
		key, v, ok := strings.Cut(kv, "=")
		if !ok {
			return fmt.Errorf("`%s` sets nothing: write KEY=N", kv)
		}
		if err := setLimit(f.limits, key, v); err != nil {
			return err
		}
	}
	return nil
}

// setLimit sets the limit with the given key.
func setLimit(l *limits, key, v string) error {
	var keys []string
	for _, k := range limitKeys {
		if k.key != key {
			keys = append(keys, "`"+k.key+"`")
			continue
		}
		if v == "none" {
			*k.field(l) = runner.NoLimit
			return nil
		}
		n, err := parseBytes(v)
		if err != nil {
			return fmt.Errorf("`%s` is not a number: write 1000, 64K, 16M, 1G, or none", v)
		}
		*k.field(l) = n
		return nil
	}
	return fmt.Errorf("there is no limit `%s`; the limits are %s", key, strings.Join(keys, ", "))
}

// refused adds to the error of a component that exceeds a limit what raises the limit.
func refused(err error) error {
	if _, flag := exceeded(err); flag != "" {
		for _, d := range diag.FromError(err) {
			d.Helpf("if you trust it, raise the limit with %s", flag)
		}
	}
	return err
}

// exceeded returns the message for a trap that a limit causes, and the flag that raises the limit.
// They are "" if the cause is another.
func exceeded(err error) (message, flag string) {
	var limit *runner.LimitError
	if !errors.As(err, &limit) {
		return "", ""
	}
	for _, k := range limitKeys {
		if k.option == limit.Option {
			return fmt.Sprintf("the limit of %d %s is exceeded", limit.Limit, limit.What), k.flag
		}
	}
	return "", ""
}
