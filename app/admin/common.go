package admin

import _ "embed"

// common are passwords of ten and more characters that are guessed first, one a line.
//
//go:embed common.txt
var common string
