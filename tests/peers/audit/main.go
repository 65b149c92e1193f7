// Verifies what export_proofs wrote with Go's own transparency log packages, which share no code with Winnow:
// every inclusion proof (https://c2sp.org/tlog-proof), every consistency proof, every signature. Then changes a
// byte of each kind of thing and wants a refusal.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type consistency struct {
	Before, After string
	Hashes        []string
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: verify FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "audit:", err)
		os.Exit(1)
	}
}

func run(folder string) error {
	known, err := verifiers(filepath.Join(folder, "vkeys"))
	if err != nil {
		return err
	}
	included, err := checkInclusions(folder, known)
	if err != nil {
		return err
	}
	grown, err := checkConsistencies(folder, known)
	if err != nil {
		return err
	}
	fmt.Printf("audit: Go verified %d inclusion proofs and %d consistency proofs\n", included, grown)
	if included == 0 || grown == 0 {
		return fmt.Errorf("there was nothing to verify")
	}
	return nil
}

func verifiers(file string) (note.Verifiers, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var list []note.Verifier
	for _, line := range strings.Fields(string(text)) {
		verifier, err := note.NewVerifier(line)
		if err != nil {
			return nil, fmt.Errorf("verifier key %q: %w", line, err)
		}
		list = append(list, verifier)
	}
	return note.VerifierList(list...), nil
}

// open verifies a checkpoint's signature and reads its three lines.
func open(text string, known note.Verifiers) (tlog.Tree, error) {
	opened, err := note.Open([]byte(text), known)
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return tlog.Tree{}, fmt.Errorf("the checkpoint has %d lines", len(lines))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func hashes(lines []string) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		out = append(out, hash)
	}
	return out, nil
}

func checkInclusions(folder string, known note.Verifiers) (int, error) {
	files, err := filepath.Glob(filepath.Join(folder, "inclusion", "*.tlog-proof"))
	if err != nil {
		return 0, err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return 0, err
		}
		if err := checkInclusion(string(text), known); err != nil {
			return 0, fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
	}
	return len(files), nil
}

func checkInclusion(text string, known note.Verifiers) error {
	head, checkpoint, found := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return fmt.Errorf("it is not a proof")
	}
	entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return err
	}
	proof, err := hashes(lines[3:])
	if err != nil {
		return err
	}
	tree, err := open(checkpoint, known)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
		return err
	}
	if tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(append(entry, ' '))) == nil {
		return fmt.Errorf("another entry was accepted too")
	}
	if _, err := open(strings.Replace(checkpoint, "\n", "x\n", 1), known); err == nil {
		return fmt.Errorf("a changed checkpoint was accepted too")
	}
	return nil
}

func checkConsistencies(folder string, known note.Verifiers) (int, error) {
	text, err := os.ReadFile(filepath.Join(folder, "consistency.json"))
	if err != nil {
		return 0, err
	}
	var list []consistency
	if err := json.Unmarshal(text, &list); err != nil {
		return 0, err
	}
	for i, item := range list {
		before, err := open(item.Before, known)
		if err != nil {
			return 0, fmt.Errorf("checkpoint %d: %w", i, err)
		}
		after, err := open(item.After, known)
		if err != nil {
			return 0, fmt.Errorf("checkpoint %d: %w", i, err)
		}
		proof, err := hashes(item.Hashes)
		if err != nil {
			return 0, err
		}
		if err := tlog.CheckTree(proof, after.N, after.Hash, before.N, before.Hash); err != nil {
			return 0, fmt.Errorf("growth from %d to %d: %w", before.N, after.N, err)
		}
		before.Hash[0] ^= 1
		if tlog.CheckTree(proof, after.N, after.Hash, before.N, before.Hash) == nil {
			return 0, fmt.Errorf("growth from another tree of %d was accepted too", before.N)
		}
	}
	return len(list), nil
}
