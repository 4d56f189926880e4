package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"meixu/app"
	"meixu/app/demo"
	"meixu/ui/web"
)

// fillDemo builds the demo clinic where no clinic is yet. It grows in a folder beside, which
// takes its place when it is whole: a start that was broken off leaves no half clinic.
func (t terminal) fillDemo(ctx context.Context, dir string) error {
	if app.Exists(dir) {
		return nil
	}
	if left, err := os.ReadDir(dir); err == nil && len(left) > 0 {
		return nil // somebody's files: the start itself says what is wrong with them
	}
	t.say("cli.demo.filling")
	fresh := filepath.Clean(dir) + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	sheet, err := demo.Build(ctx, fresh, web.Clock())
	if err != nil {
		return fmt.Errorf("filling the demo clinic: %w", err)
	}
	if err := os.Remove(dir); err != nil && !os.IsNotExist(err) {
		return err
	}
	if err := os.Rename(fresh, dir); err != nil {
		return err
	}
	t.say("cli.demo.sheet", sheet)
	return nil
}
