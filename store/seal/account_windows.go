package seal

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// thisAccount is DPAPI in the scope of the user, so that other programs of the machine that run
// as somebody else cannot use the key file.
var thisAccount account = dpapi{}

// dpapi binds to the Windows account. The label keeps apart what other programs of the same
// account bind; it is no secret.
type dpapi struct{}

const dpapiLabel = "meixu key file 1"

// Name is what the key file says.
func (dpapi) Name() string { return "dpapi" }

// Bind makes bytes that only this account opens.
func (dpapi) Bind(plain []byte) ([]byte, error) {
	in, label := blob(plain), blob([]byte(dpapiLabel))
	var out windows.DataBlob
	err := windows.CryptProtectData(&in, nil, &label, 0, nil, windows.CRYPTPROTECT_UI_FORBIDDEN, &out)
	if err != nil {
		return nil, err
	}
	return taken(out)
}

// Unbind opens what the same account has bound.
func (dpapi) Unbind(bound []byte) ([]byte, error) {
	in, label := blob(bound), blob([]byte(dpapiLabel))
	var out windows.DataBlob
	err := windows.CryptUnprotectData(&in, nil, &label, 0, nil, windows.CRYPTPROTECT_UI_FORBIDDEN, &out)
	if err != nil {
		return nil, err
	}
	return taken(out)
}

func blob(data []byte) windows.DataBlob {
	return windows.DataBlob{Size: uint32(len(data)), Data: unsafe.SliceData(data)} //nolint:gosec // the call wants a pointer
}

// taken copies what Windows gives, wipes it and gives it back.
func taken(out windows.DataBlob) ([]byte, error) {
	given := unsafe.Slice(out.Data, out.Size) //nolint:gosec // memory of Windows, as long as it says
	data := append([]byte(nil), given...)
	clear(given)
	_, err := windows.LocalFree(windows.Handle(unsafe.Pointer(out.Data))) //nolint:gosec // given back as it came
	return data, err
}
