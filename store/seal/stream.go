package seal

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// Stream: magic (4) | key id (4) | nonce prefix (7), then chunks of 64 KiB each sealed under
// prefix | counter (4) | last flag (1) (the STREAM construction): chunks cannot be
// reordered, dropped, or cut at the end.
const (
	chunkSize    = 64 << 10
	prefixSize   = 7
	streamHeader = 8 + prefixSize
)

var streamMagic = [4]byte{'M', 'X', 'S', '1'}

// ErrStream says that a sealed file was cut, changed, moved or has another key.
var ErrStream = errors.New("seal: the sealed file does not open: cut, changed, moved or another key")

// SealStream copies plain to sealed for one place (the random name of the file).
func (k *Key) SealStream(place string, sealed io.Writer, plain io.Reader) (int64, error) {
	header := make([]byte, streamHeader)
	copy(header, streamMagic[:])
	binary.BigEndian.PutUint32(header[4:], k.id)
	copy(header[8:], Random(prefixSize))
	if _, err := sealed.Write(header); err != nil {
		return 0, err
	}
	bound := append(append([]byte{}, header...), place...)
	in := bufio.NewReaderSize(plain, chunkSize+1)
	buffer, out := make([]byte, chunkSize), make([]byte, 0, chunkSize+tagSize)
	var total int64
	for counter := uint32(0); ; counter++ {
		n, err := io.ReadFull(in, buffer)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return total, err
		}
		last, err := atEnd(in, err != nil)
		if err != nil {
			return total, err
		}
		out = k.aead.Seal(out[:0], chunkNonce(header[8:], counter, last), buffer[:n], bound)
		if _, err := sealed.Write(out); err != nil {
			return total, err
		}
		total += int64(n)
		if last {
			return total, nil
		}
	}
}

// atEnd says that nothing follows; short means that the last read was already short.
func atEnd(in *bufio.Reader, short bool) (bool, error) {
	if short {
		return true, nil
	}
	_, err := in.Peek(1)
	if errors.Is(err, io.EOF) {
		return true, nil
	}
	return false, err
}

// OpenStream copies the text of a sealed file to plain. On an error what was written must
// be thrown away: only a nil error proves that the file is whole.
func (k *Key) OpenStream(place string, plain io.Writer, sealed io.Reader) (int64, error) {
	header := make([]byte, streamHeader)
	if _, err := io.ReadFull(sealed, header); err != nil {
		return 0, ErrStream
	}
	if [4]byte(header[:4]) != streamMagic || binary.BigEndian.Uint32(header[4:]) != k.id {
		return 0, ErrStream
	}
	bound := append(append([]byte{}, header...), place...)
	in := bufio.NewReaderSize(sealed, chunkSize+tagSize+1)
	buffer, out := make([]byte, chunkSize+tagSize), make([]byte, 0, chunkSize)
	var total int64
	for counter := uint32(0); ; counter++ {
		n, err := io.ReadFull(in, buffer)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return total, ErrStream
		}
		last, err := atEnd(in, err != nil)
		if err != nil {
			return total, err
		}
		out, err = k.aead.Open(out[:0], chunkNonce(header[8:], counter, last), buffer[:n], bound)
		if err != nil {
			return total, ErrStream
		}
		if _, err := plain.Write(out); err != nil {
			return total, err
		}
		total += int64(len(out))
		if last {
			return total, nil
		}
	}
}

func chunkNonce(prefix []byte, counter uint32, last bool) []byte {
	nonce := make([]byte, nonceSize)
	copy(nonce, prefix[:prefixSize])
	binary.BigEndian.PutUint32(nonce[prefixSize:], counter)
	if last {
		nonce[nonceSize-1] = 1
	}
	return nonce
}
