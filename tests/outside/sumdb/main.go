// Checks a published log with the reference implementation of signed notes and of tiles,
// golang.org/x/mod/sumdb, which knows nothing of this project:
//
//	sumdb [-entries=false] FOLDER VKEY
//
// It opens the checkpoint, reads the tree through its tiles, proves entries and older checkpoints
// against the root, and hashes the entries.  Exit code 0 means that all of it was accepted.
package main

import (
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// folder reads tiles of a published log.  The reference names a tile tile/8/L/N, C2SP tile/L/N.
type folder string

func (f folder) Height() int { return 8 }

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := f.read(tile)
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (f folder) read(tile tlog.Tile) ([]byte, error) {
	name := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
	data, err := os.ReadFile(filepath.Join(string(f), name))
	if os.IsNotExist(err) && tile.W < 256 { // the full tile stands in for a partial one
		full := tile
		full.W = 256
		if data, err = f.read(full); err == nil {
			data = data[:tile.W*tlog.HashSize]
		}
	}
	return data, err
}

// open returns the tree that the log's key signed in a note.
func (f folder) open(name string, known note.Verifiers, origin string) (tlog.Tree, int, error) {
	data, err := os.ReadFile(filepath.Join(string(f), name))
	if err != nil {
		return tlog.Tree{}, 0, err
	}
	opened, err := note.Open(data, known)
	if err != nil {
		return tlog.Tree{}, 0, fmt.Errorf("%s: %v", name, err)
	}
	// The reference's own first line is fixed; a C2SP checkpoint has its origin there.
	first, rest, _ := strings.Cut(opened.Text, "\n")
	if first != origin {
		return tlog.Tree{}, 0, fmt.Errorf("%s: of %q, not of %q", name, first, origin)
	}
	tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + rest))
	return tree, len(opened.UnverifiedSigs), err
}

func check(f folder, vkey string, entries bool) error {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	known := note.VerifierList(verifier)
	tree, others, err := f.open("checkpoint", known, verifier.Name())
	if err != nil {
		return err
	}
	if tree.N == 0 {
		return fmt.Errorf("the reference has no empty tree")
	}
	reader := tlog.TileHashReader(tree, f)
	root, err := tlog.TreeHash(tree.N, reader)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return fmt.Errorf("the tiles lead to %v, the checkpoint says %v", root, tree.Hash)
	}
	proved, err := f.proveRecords(tree, reader, entries)
	if err != nil {
		return err
	}
	older, err := f.proveHistory(tree, reader, known, verifier.Name())
	if err != nil {
		return err
	}
	fmt.Printf("accepted: size %d, %d entries proved, %d older checkpoints, %d other signatures\n",
		tree.N, proved, older, others)
	return nil
}

// proveRecords proves every entry of a small log, and some two hundred of a large one.
func (f folder) proveRecords(tree tlog.Tree, reader tlog.HashReader, entries bool) (int, error) {
	step, proved := tree.N/200+1, 0
	var held [][]byte
	for index := int64(0); index < tree.N; index++ {
		if entries && index%256 == 0 {
			var err error
			if held, err = f.entries(index/256, min(256, tree.N-index)); err != nil {
				return 0, err
			}
		}
		if tree.N > 1000 && index%step != 0 && index != tree.N-1 {
			continue
		}
		hashes, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		if err != nil {
			return 0, err
		}
		if entries && tlog.RecordHash(held[index%256]) != hashes[0] {
			return 0, fmt.Errorf("entry %d is not that of its leaf hash", index)
		}
		proof, err := tlog.ProveRecord(tree.N, index, reader)
		if err != nil {
			return 0, err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, hashes[0]); err != nil {
			return 0, fmt.Errorf("entry %d: %v", index, err)
		}
		proved++
	}
	return proved, nil
}

// entries cuts a tile of entries at its length prefixes.
func (f folder) entries(number, width int64) ([][]byte, error) {
	tile := tlog.Tile{H: 8, L: 0, N: number, W: int(width)}
	name := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
	data, err := os.ReadFile(filepath.Join(string(f), name))
	if err != nil {
		return nil, err
	}
	var held [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("%s: cut off after %d entries", name, len(held))
		}
		length := int(binary.BigEndian.Uint16(data))
		held, data = append(held, data[2:2+length]), data[2+length:]
	}
	if int64(len(held)) != width {
		return nil, fmt.Errorf("%s: %d entries, not %d", name, len(held), width)
	}
	return held, nil
}

// proveHistory proves that every checkpoint in history/ is a prefix of the tree.
func (f folder) proveHistory(
	tree tlog.Tree, reader tlog.HashReader, known note.Verifiers, origin string,
) (int, error) {
	names, err := filepath.Glob(filepath.Join(string(f), "history", "*"))
	if err != nil {
		return 0, err
	}
	older := 0
	for _, path := range names {
		name := "history/" + filepath.Base(path)
		old, _, err := f.open(name, known, origin)
		if err != nil {
			return 0, err
		}
		if old.N == 0 || old.N == tree.N {
			continue
		}
		proof, err := tlog.ProveTree(tree.N, old.N, reader)
		if err != nil {
			return 0, fmt.Errorf("%s: %v", name, err)
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
			return 0, fmt.Errorf("%s: %v", name, err)
		}
		older++
	}
	return older, nil
}

func min(one, other int64) int64 {
	if one < other {
		return one
	}
	return other
}

func main() {
	entries := flag.Bool("entries", true, "hash the entries as well")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "usage: sumdb [-entries=false] FOLDER VKEY")
		os.Exit(2)
	}
	if err := check(folder(flag.Arg(0)), flag.Arg(1), *entries); err != nil {
		fmt.Fprintln(os.Stderr, "refused:", err)
		os.Exit(1)
	}
}
