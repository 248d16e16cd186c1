"""The pages: each chooses filters, asks, and puts figures below one another.

Not `pages`: Streamlit takes a folder of that name for scripts of its own, and runs one where a link opens it first.
"""
