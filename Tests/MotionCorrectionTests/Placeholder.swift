// The first files of this target come next.
