"""Facts in, a Word document out."""
