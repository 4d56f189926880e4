package term

import (
	"strconv"
	"strings"
)

// seatPrefix begins the topics that tell of one session and of nothing else.
const seatPrefix = "seat:"

// SeatTopic tells that a session was locked, ended, handed over or opened again. No browser
// hears it: it is for the house itself, which cuts what the session may no longer see.
func SeatTopic(session int64) string { return seatPrefix + strconv.FormatInt(session, 10) }

// SeatOf is the session a topic tells of; ok is false for any other topic.
func SeatOf(topic string) (session int64, ok bool) {
	id, is := strings.CutPrefix(topic, seatPrefix)
	if !is {
		return 0, false
	}
	session, err := strconv.ParseInt(id, 10, 64)
	return session, err == nil
}
