package uitest

import (
	"log/slog"
	"os"
)

// A test binary prints no line per request: only warnings and errors help who reads a failure.
func init() {
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
}
