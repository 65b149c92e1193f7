// A workspace with a bit of everything: mail of both labels, intel, a model, two bundles, a
// champion before the present one, decisions, something in quarantine. Small and quickly trained:
// it stands for how things behave, not for how well a model judges.
#pragma once

#include "base/file.h"

namespace winnow::testing {

// Made once a program, in a folder that ends with it; not to be changed.
// DEMO/soc the workspace, DEMO/mail/ what it was made from (winnow simulate mail).
const Path& demo();

// A copy of the demo workspace in `folder`, to be damaged. Its new mail is ../mail/new.mbox.
void copy_demo(const Path& folder);

// Lets `workspace` train in seconds: fewer trees, copies, folds and draws.
void train_quickly(const Path& workspace);

}  // namespace winnow::testing
