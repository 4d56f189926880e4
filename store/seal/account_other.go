//go:build !windows

package seal

// thisAccount is nil: outside Windows the rights of the file must do, and a passphrase.
var thisAccount account
