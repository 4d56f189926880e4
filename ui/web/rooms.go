package web

// rooms registers the rooms of the clinic: one line a room, in the order of the client's way
// through the house.
func (s *Server) rooms() {}
