package defaults

import (
	_ "embed"
	"encoding/json"
	"sync"

	"meixu/app/words"
)

// MessageTemplate is the text of one kind of message. {name} and its like are filled in.
type MessageTemplate struct {
	Class string `json:"class"` // service or marketing (REG-ADV-16)
	words.Text
}

// MessageDefaults is everything that the texts to clients are made of.
type MessageDefaults struct {
	Templates   map[string]MessageTemplate   `json:"templates"`
	Unsubscribe words.Text                   `json:"unsubscribe"` // a marketing text must say how (REG-ADV-16)
	Titles      map[string]map[string]string `json:"titles"`      // language, sex
	Colleague   words.Text                   `json:"colleague"`   // after the surname of staff
	Somebody    words.Text                   `json:"somebody"`    // when nobody is booked
	Desk        words.Text                   `json:"desk"`        // when the clinic's phone is not set
	And         words.Text                   `json:"and"`         // between the times that are offered
	Date        words.Text                   `json:"date"`        // {m} month, {d} day, {w} weekday
	Weekdays    map[string][]string          `json:"weekdays"`
	House       map[string]words.Text        `json:"house"`    // what the house tells its own people
	Surnames    []string                     `json:"surnames"` // of more than one character
	Medical     []string                     `json:"medical"`  // words that no text to a client may hold
}

//go:embed messages/messages.json
var messagesFile []byte

var messages = sync.OnceValue(func() (m MessageDefaults) {
	if err := json.Unmarshal(messagesFile, &m); err != nil {
		panic("defaults: messages.json: " + err.Error())
	}
	return m
})

// Messages are the texts to clients as the product brings them.
func Messages() MessageDefaults { return messages() }
