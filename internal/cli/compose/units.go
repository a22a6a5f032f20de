package compose

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A durationFlag is a flag whose value is a duration.
type durationFlag time.Duration

func (d *durationFlag) String() string {
	if *d == 0 {
		return ""
	}
	return duration(time.Duration(*d))
}

func (d *durationFlag) Type() string { return "duration" }

func (d *durationFlag) Set(s string) error {
	v, err := time.ParseDuration(s)
	if err != nil {
		if _, nerr := strconv.ParseFloat(s, 64); nerr == nil {
			return fmt.Errorf("`%s` has no unit: write %ss", s, s)
		}
		return fmt.Errorf("`%s` is not a duration: write 1.5s, 200ms or 2m", s)
	}
	if v < 0 {
		return fmt.Errorf("`%s` is negative", s)
	}
	*d = durationFlag(v)
	return nil
}

// byteUnits maps the units of a number of bytes to powers of two. A kilobyte has 1024 bytes, as in
// the limits of other tools.
var byteUnits = map[string]int{"": 0, "b": 0,
	"k": 10, "kb": 10, "ki": 10, "kib": 10,
	"m": 20, "mb": 20, "mi": 20, "mib": 20,
	"g": 30, "gb": 30, "gi": 30, "gib": 30}

// parseBytes reads a number of bytes with an optional unit.
func parseBytes(s string) (uint64, error) {
	num := strings.TrimRight(s, "bBkKmMgGiI")
	shift, ok := byteUnits[strings.ToLower(s[len(num):])]
	n, err := strconv.ParseUint(num, 10, 64)
	if err != nil || !ok || n == 0 || n<<shift>>shift != n {
		return 0, fmt.Errorf("`%s` is not a size: write a number of bytes, or 64K, 16M, 1G", s)
	}
	return n << shift, nil
}
