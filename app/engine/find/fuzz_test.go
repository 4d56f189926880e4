package find_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func FuzzTR25Finder(f *testing.F) {
	for _, seed := range []string{"zxm", "ＺＸＭ", "8817", "C20260301-001", "小敏", "欧阳", "'; DROP", "\x00", "\xff\xfe", "%", "*", "a\u0301", "👩", "zhangxiaomin", "  "} {
		f.Add(seed)
	}
	x := sample()
	f.Fuzz(func(t *testing.T, typed string) {
		found := x.Search(typed, 3)
		require.LessOrEqual(t, len(found), 3)
		seen := map[int64]bool{}
		for _, p := range found {
			require.False(t, seen[int64(p.ID)], "nobody is found twice")
			seen[int64(p.ID)] = true
		}
		require.Equal(t, ids(found), ids(x.Search(typed, 3)), "the same question has the same answer")
	})
}
