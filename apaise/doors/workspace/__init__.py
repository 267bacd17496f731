"""The workspace: the pages of those who handle complaints."""
