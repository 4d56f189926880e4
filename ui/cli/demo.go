package cli

import (
	"context"

	"meixu/app"
)

// fillDemo builds the demo clinic in an empty folder; set where app/demo is wired.
var fillDemo func(ctx context.Context, a *app.App) error
