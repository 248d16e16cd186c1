"""The lake in a browser: Streamlit pages over Athena, under whatever role the environment gives."""
