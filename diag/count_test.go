package diag

import "testing"

func TestCount(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{Count(0, "import"), "0 imports"}, {Count(1, "import"), "1 import"}, {Count(2, "import"), "2 imports"},
		{Count(uint64(1), "entry"), "1 entry"}, {Count(3, "entry"), "3 entries"}, {Count(2, "key"), "2 keys"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}
