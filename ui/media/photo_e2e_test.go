//go:build e2e

package media_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// TestE2EPicturesOfSeveralViews takes one picture after another on one page, each with its
// view, takes one away again, and keeps the rest with one submit.
func TestE2EPicturesOfSeveralViews(t *testing.T) {
	d := day.New(t).To(day.Asked)
	file := filepath.Join(t.TempDir(), "photo.jpg")
	require.NoError(t, os.WriteFile(file, day.Picture(), 0o600))
	const figures = `document.querySelectorAll("[data-upload-list] figure").length`
	c := d.Screen("nurse", uitest.Tablet).Open(d.Fill("/media/new?visit={visit}")).Answer("kind", "face")
	c.Upload("[name=photo]", file).WaitThat(figures+" === 1").Upload("[name=photo]", file).WaitThat(figures + " === 2")
	c.Upload("[name=photo]", file).WaitThat(figures + " === 3").Axe().Shot("media-views")
	c.WaitThat(`[...document.querySelectorAll("[name=photo_choice]")].map((s) => s.value).join() === "front,left45,right45"`)
	c.Click("[data-upload-list] figure:nth-child(2) [data-upload-remove]").WaitThat(figures + " === 2")
	c.Press("main [data-submit]").WaitText("照片已保存")
	require.Equal(t, []string{"front", "right45"}, views(d))
}
