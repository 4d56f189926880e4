package assets_test

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Muted text can be read on every ground it meets, while what changed glows too (WCAG 1.4.3).
func TestMutedTextCanBeReadWhileItGlows(t *testing.T) {
	t.Parallel()
	glow := regexp.MustCompile(`@keyframes glow \{ from \{ background-color: var\(--([a-z-]+)\)`).FindStringSubmatch(css(t, "parts.css"))
	require.Len(t, glow, 2)
	for _, ground := range []string{"ground", "surface", "sunken", glow[1]} {
		assert.GreaterOrEqual(t, contrast(colour(t, "muted"), colour(t, ground)), 4.5, ground)
	}
	require.Less(t, contrast(colour(t, "muted"), colour(t, "jade-line")), 4.5, "the measure tells them apart")
}

func css(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("src", "css", name))
	require.NoError(t, err)
	return string(text)
}

// colour is a token as 0xRRGGBB.
func colour(t *testing.T, token string) uint64 {
	t.Helper()
	found := regexp.MustCompile(`--` + token + `:\s*#([0-9a-f]{6}|[0-9a-f]{3});`).FindStringSubmatch(css(t, "tokens.css"))
	require.Len(t, found, 2, token)
	digits := found[1]
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	value, err := strconv.ParseUint(digits, 16, 32)
	require.NoError(t, err)
	return value
}

// contrast is the contrast ratio of WCAG 2.1, from 1 to 21.
func contrast(a, b uint64) float64 {
	light, dark := luminance(a), luminance(b)
	return (max(light, dark) + 0.05) / (min(light, dark) + 0.05)
}

func luminance(colour uint64) (sum float64) {
	for shift, weight := range map[uint]float64{16: 0.2126, 8: 0.7152, 0: 0.0722} {
		part := float64(colour>>shift&0xff) / 255
		if part <= 0.04045 {
			sum += weight * part / 12.92
		} else {
			sum += weight * math.Pow((part+0.055)/1.055, 2.4)
		}
	}
	return sum
}
