"""From Silver's fixes to the shape of each course: outlines of sections and density of fixes. Optional."""
