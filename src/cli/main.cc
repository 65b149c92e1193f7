#include "cli/command.h"

int main(int argc, char** argv) { return winnow::cli::run(winnow::cli::commands(), argc, argv); }
