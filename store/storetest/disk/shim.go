package disk

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// SQLite's file layer is a table of C functions; in its Go translation a function pointer is
// the address of a Go function value. The shim copies the tables of the real layer and puts
// its own functions in the places it watches.

type (
	openFunc     = func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32
	deleteFunc   = func(*libc.TLS, uintptr, uintptr, int32) int32
	closeFunc    = func(*libc.TLS, uintptr) int32
	writeFunc    = func(*libc.TLS, uintptr, uintptr, int32, int64) int32
	truncateFunc = func(*libc.TLS, uintptr, int64) int32
)

// opened is one open file of a shim.
type opened struct {
	disk *Disk
	name string
	real uintptr // methods of the real layer
}

var (
	shims   sync.Map // address of a VFS -> *Disk
	files   sync.Map // address of a file -> *opened
	tables  sync.Map // address of real methods -> address of ours
	below   uintptr  // the real VFS
	number  atomic.Int64
	prepare = sync.OnceValue(func() error {
		tls := libc.NewTLS()
		defer tls.Close()
		if below = sqlite3.Xsqlite3_vfs_find(tls, 0); below == 0 {
			return errors.New("disk: no VFS below")
		}
		return nil
	})
)

// New registers a disk of its own. It stays registered until the process ends, as SQLite
// keeps the table.
func New() (*Disk, error) {
	if err := prepare(); err != nil {
		return nil, err
	}
	d := &Disk{VFS: fmt.Sprintf("meixu-test-disk-%d", number.Add(1))}
	tls := libc.NewTLS()
	defer tls.Close()
	name, err := libc.CString(d.VFS)
	if err != nil {
		return nil, err
	}
	size := unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})
	vfs := libc.Xmalloc(tls, libc.Tsize_t(size))
	if vfs == 0 {
		return nil, errors.New("disk: no memory")
	}
	table := (*sqlite3.Tsqlite3_vfs)(at(vfs))
	*table = *(*sqlite3.Tsqlite3_vfs)(at(below))
	table.FzName, table.FpNext = name, 0
	table.FxOpen, table.FxDelete = pointer(open), pointer(remove)
	shims.Store(vfs, d)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, vfs, 0); rc != sqlite3.SQLITE_OK {
		return nil, fmt.Errorf("disk: registering: %d", rc)
	}
	return d, nil
}

// at turns an address of C memory into a pointer; such memory never moves.
func at(address uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&address)) }

// pointer is the C function pointer of a top-level Go function.
func pointer(function any) uintptr {
	return (*[2]uintptr)(unsafe.Pointer(&function))[1]
}

// function is the Go function of a C function pointer.
func function[F any](pointer uintptr) F {
	return *(*F)(unsafe.Pointer(&struct{ uintptr }{pointer}))
}

func open(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32 {
	rc := function[openFunc]((*sqlite3.Tsqlite3_vfs)(at(below)).FxOpen)(tls, below, name, file, flags, out)
	if rc != sqlite3.SQLITE_OK || name == 0 {
		return rc
	}
	known, _ := shims.Load(vfs)
	disk := known.(*Disk)
	f, path := (*sqlite3.Tsqlite3_file)(at(file)), libc.GoString(name)
	if info, err := os.Stat(path); err == nil {
		disk.sized(base(path), info.Size())
	}
	files.Store(file, &opened{disk, base(path), f.FpMethods})
	f.FpMethods = methods(tls, f.FpMethods)
	return rc
}

// methods is the table of the real layer with ours in the places that are watched.
func methods(tls *libc.TLS, real uintptr) uintptr {
	if ours, ok := tables.Load(real); ok {
		return ours.(uintptr)
	}
	ours := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_io_methods{})))
	table := (*sqlite3.Tsqlite3_io_methods)(at(ours))
	*table = *(*sqlite3.Tsqlite3_io_methods)(at(real))
	table.FxClose, table.FxWrite = pointer(closeFile), pointer(write)
	table.FxTruncate, table.FxSync = pointer(truncate), pointer(syncFile)
	kept, _ := tables.LoadOrStore(real, ours)
	return kept.(uintptr)
}

func watched(file uintptr) (*opened, *sqlite3.Tsqlite3_io_methods) {
	known, _ := files.Load(file)
	f := known.(*opened)
	return f, (*sqlite3.Tsqlite3_io_methods)(at(f.real))
}

func closeFile(tls *libc.TLS, file uintptr) int32 {
	f, real := watched(file)
	(*sqlite3.Tsqlite3_file)(at(file)).FpMethods = f.real
	files.Delete(file)
	return function[closeFunc](real.FxClose)(tls, file)
}

func write(tls *libc.TLS, file, buffer uintptr, n int32, offset int64) int32 {
	f, real := watched(file)
	data := append([]byte(nil), unsafe.Slice((*byte)(at(buffer)), n)...)
	if rc := f.disk.answer(event{Write, f.name, offset, data}); rc != 0 {
		return rc
	}
	return function[writeFunc](real.FxWrite)(tls, file, buffer, n, offset)
}

func truncate(tls *libc.TLS, file uintptr, size int64) int32 {
	f, real := watched(file)
	if rc := f.disk.answer(event{Truncate, f.name, size, nil}); rc != 0 {
		return rc
	}
	return function[truncateFunc](real.FxTruncate)(tls, file, size)
}

// syncFile notes the sync and leaves the real one out: the machine itself keeps its power.
func syncFile(_ *libc.TLS, file uintptr, _ int32) int32 {
	f, _ := watched(file)
	return f.disk.answer(event{Sync, f.name, 0, nil})
}

func remove(tls *libc.TLS, vfs, name uintptr, sync int32) int32 {
	known, _ := shims.Load(vfs)
	file := base(libc.GoString(name))
	disk := known.(*Disk)
	if rc := disk.answer(event{Remove, file, 0, nil}); rc != 0 {
		return rc
	}
	if sync != 0 {
		disk.add(event{Sync, file, 0, nil})
	}
	return function[deleteFunc]((*sqlite3.Tsqlite3_vfs)(at(below)).FxDelete)(tls, below, name, sync)
}
