PEERS=()
class Peer: pass
