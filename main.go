// Command meixu runs one medical-aesthetics clinic: database, web UI and jobs in one file.
package main

import (
	"os"

	"meixu/ui/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:])) }
